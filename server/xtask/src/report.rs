//! What the suites came to: a line each, and the sums as the last line.

use std::time::Duration;

/// Tests passed, failed and left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: usize,
    pub failed: usize,
    pub ignored: usize,
}

/// One suite's outcome.
#[derive(Debug)]
pub struct Outcome {
    pub suite: &'static str,
    pub counts: Counts,
    pub duration: Duration,
    /// Why the suite failed apart from its tests: it could not be started, or ended early.
    pub problem: Option<String>,
}

impl Counts {
    pub fn add(&mut self, other: Counts) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
    }

    /// Reads `test result: ok. 12 passed; 0 failed; …`, a line for each test binary of cargo.
    pub fn from_cargo_line(line: &str) -> Option<Counts> {
        let (_, counts) = line.trim().strip_prefix("test result: ")?.split_once(". ")?;
        let mut parts = counts.split("; ");
        Some(Counts {
            passed: parts.next()?.strip_suffix(" passed")?.parse().ok()?,
            failed: parts.next()?.strip_suffix(" failed")?.parse().ok()?,
            ignored: parts.next()?.strip_suffix(" ignored")?.parse().ok()?,
        })
    }

    /// Reads `12 passed, 0 failed`, the last line of a suite outside cargo.
    pub fn from_plain_line(line: &str) -> Option<Counts> {
        let (passed, failed) = line.trim().split_once(" passed, ")?;
        let failed = failed.strip_suffix(" failed")?.parse().ok()?;
        Some(Counts { passed: passed.parse().ok()?, failed, ignored: 0 })
    }
}

impl Outcome {
    /// What to say about the suite apart from its tests. One that tested nothing, or left a test out, did not do its job.
    fn problem(&self) -> Option<String> {
        let Counts { passed, failed, ignored } = self.counts;
        if self.problem.is_some() {
            return self.problem.clone();
        }
        if ignored > 0 {
            return Some(format!("{ignored} ignored: a test that is left out counts as failed"));
        }
        (passed + failed == 0).then(|| "nothing was tested".to_owned())
    }

    /// How many failed: what was left out is among them, and a suite with a problem failed at least once.
    fn n_failed(&self) -> usize {
        let at_least = usize::from(self.problem().is_some());
        (self.counts.failed + self.counts.ignored).max(at_least)
    }
}

/// The lines to print at the end, and whether everything passed. Nothing tested is not a success.
pub fn summary(outcomes: &[Outcome]) -> (String, bool) {
    let mut text = String::new();
    let (mut n_passed, mut n_failed) = (0, 0);
    for outcome in outcomes {
        n_passed += outcome.counts.passed;
        n_failed += outcome.n_failed();
        text.push_str(&format!(
            "{:<8} {:>6} passed {:>4} failed {:>8.1} s\n",
            outcome.suite,
            outcome.counts.passed,
            outcome.n_failed(),
            outcome.duration.as_secs_f64()
        ));
        if let Some(problem) = outcome.problem() {
            text.push_str(&format!("         {problem}\n"));
        }
    }
    text.push_str(&format!("{n_passed} passed, {n_failed} failed\n"));
    (text, n_failed == 0 && n_passed > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counts_of_cargo_are_read() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.02s";
        assert_eq!(Counts::from_cargo_line(line), Some(Counts { passed: 12, failed: 3, ignored: 1 }));
        assert_eq!(Counts::from_cargo_line("test result_is_kept ... ok"), None);
    }

    #[test]
    fn the_counts_of_a_plain_suite_are_read() {
        assert_eq!(Counts::from_plain_line("7 passed, 1 failed"), Some(Counts { passed: 7, failed: 1, ignored: 0 }));
        assert_eq!(Counts::from_plain_line("ok 7 passed"), None);
    }

    #[test]
    fn a_suite_that_could_not_run_is_a_failure() {
        let problem = Some("npm is not there".to_owned());
        let (text, passed) = summary(&[outcome("cargo", 3, 0, None), outcome("vscode", 0, 0, problem)]);
        assert!(!passed);
        let expected = "\
cargo         3 passed    0 failed      1.2 s
vscode        0 passed    1 failed      1.2 s
         npm is not there
3 passed, 1 failed
";
        assert_eq!(text, expected);
    }

    #[test]
    fn nothing_tested_is_not_a_success() {
        assert_eq!(summary(&[]), ("0 passed, 0 failed\n".to_owned(), false));
        let (text, passed) = summary(&[outcome("cargo", 3, 0, None), outcome("neovim", 0, 0, None)]);
        assert!(!passed);
        assert!(text.ends_with("         nothing was tested\n3 passed, 1 failed\n"), "{text}");
    }

    #[test]
    fn an_ignored_test_is_a_failure() {
        let (text, passed) = summary(&[outcome("cargo", 3, 2, None)]);
        assert!(!passed);
        let expected = "\
cargo         3 passed    2 failed      1.2 s
         2 ignored: a test that is left out counts as failed
3 passed, 2 failed
";
        assert_eq!(text, expected);
    }

    fn outcome(suite: &'static str, passed: usize, ignored: usize, problem: Option<String>) -> Outcome {
        let counts = Counts { passed, failed: 0, ignored };
        Outcome { suite, counts, duration: Duration::from_millis(1_250), problem }
    }
}

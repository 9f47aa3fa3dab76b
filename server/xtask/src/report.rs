//! What the suites came to: a line each, and the sums as the last line.

use std::time::Duration;

/// Tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: usize,
    pub failed: usize,
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
    }

    /// Reads `test result: ok. 12 passed; 0 failed; …`, a line for each test binary of cargo.
    pub fn from_cargo_line(line: &str) -> Option<Counts> {
        let (_, counts) = line.trim().strip_prefix("test result: ")?.split_once(". ")?;
        let mut parts = counts.split("; ");
        Some(Counts {
            passed: parts.next()?.strip_suffix(" passed")?.parse().ok()?,
            failed: parts.next()?.strip_suffix(" failed")?.parse().ok()?,
        })
    }

    /// Reads `12 passed, 0 failed`, the last line of a suite outside cargo.
    pub fn from_plain_line(line: &str) -> Option<Counts> {
        let (passed, failed) = line.trim().split_once(" passed, ")?;
        Some(Counts { passed: passed.parse().ok()?, failed: failed.strip_suffix(" failed")?.parse().ok()? })
    }
}

impl Outcome {
    /// What is counted as failed: a suite with a problem failed at least once.
    fn counted(&self) -> Counts {
        let at_least = usize::from(self.problem.is_some());
        Counts { passed: self.counts.passed, failed: self.counts.failed.max(at_least) }
    }
}

/// The lines to print at the end, and whether everything passed. Nothing tested is not a success.
pub fn summary(outcomes: &[Outcome]) -> (String, bool) {
    let mut text = String::new();
    let mut sum = Counts::default();
    for outcome in outcomes {
        let counts = outcome.counted();
        sum.add(counts);
        text.push_str(&format!(
            "{:<8} {:>6} passed {:>4} failed {:>8.1} s\n",
            outcome.suite,
            counts.passed,
            counts.failed,
            outcome.duration.as_secs_f64()
        ));
        if let Some(problem) = &outcome.problem {
            text.push_str(&format!("         {problem}\n"));
        }
    }
    text.push_str(&format!("{} passed, {} failed\n", sum.passed, sum.failed));
    (text, sum.failed == 0 && sum.passed > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counts_of_cargo_are_read() {
        let line = "test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured; 2 filtered out; finished in 0.02s";
        assert_eq!(Counts::from_cargo_line(line), Some(Counts { passed: 12, failed: 3 }));
        assert_eq!(Counts::from_cargo_line("test result_is_kept ... ok"), None);
    }

    #[test]
    fn the_counts_of_a_plain_suite_are_read() {
        assert_eq!(Counts::from_plain_line("7 passed, 1 failed"), Some(Counts { passed: 7, failed: 1 }));
        assert_eq!(Counts::from_plain_line("ok 7 passed"), None);
    }

    #[test]
    fn a_suite_that_could_not_run_is_a_failure() {
        let duration = Duration::from_millis(1_250);
        let ran = Outcome { suite: "cargo", counts: Counts { passed: 3, failed: 0 }, duration, problem: None };
        let problem = Some("npm is not there".to_owned());
        let not_run = Outcome { suite: "vscode", counts: Counts::default(), duration, problem };
        let (text, passed) = summary(&[ran, not_run]);
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
    }
}

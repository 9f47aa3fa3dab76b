//! The words of the command line: a task, then `--flag value` and `--switch` in any order.

use anyhow::{Result, bail};
use std::collections::VecDeque;

pub struct Arguments {
    words: VecDeque<String>,
}

impl Arguments {
    pub fn new(words: impl Iterator<Item = String>) -> Arguments {
        Arguments { words: words.collect() }
    }

    /// Takes the first word.
    pub fn task(&mut self) -> Option<String> {
        self.words.pop_front()
    }

    /// Takes `--flag value` or `--flag=value`; the value must be one of `allowed`.
    pub fn choice(&mut self, flag: &str, allowed: &[&str]) -> Result<Option<String>> {
        let wanted = format!("one of {}", allowed.join(", "));
        let Some(position) = self.words.iter().position(|word| word == flag || is_joined(word, flag)) else {
            return Ok(None);
        };
        let word = self.words.remove(position).unwrap_or_default();
        let value = match word.split_once('=') {
            Some((_, value)) => value.to_owned(),
            None => match self.words.remove(position) {
                Some(value) => value,
                None => bail!("{flag} needs {wanted}"),
            },
        };
        if !allowed.contains(&value.as_str()) {
            bail!("{flag} takes {wanted}, not {value:?}");
        }
        Ok(Some(value))
    }

    /// Takes the first word that is left and is no flag.
    pub fn plain(&mut self) -> Option<String> {
        let position = self.words.iter().position(|word| !word.starts_with("--"));
        position.and_then(|position| self.words.remove(position))
    }

    /// Takes `--switch`; true if it was there.
    pub fn switch(&mut self, switch: &str) -> bool {
        let position = self.words.iter().position(|word| word == switch);
        position.and_then(|position| self.words.remove(position)).is_some()
    }

    /// Everything must have been taken.
    pub fn finish(&self) -> Result<()> {
        match self.words.front() {
            Some(word) => bail!("{word:?} is not understood here"),
            None => Ok(()),
        }
    }
}

fn is_joined(word: &str, flag: &str) -> bool {
    word.strip_prefix(flag).is_some_and(|rest| rest.starts_with('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(line: &str) -> Arguments {
        Arguments::new(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn a_choice_is_taken_from_one_word_or_two() {
        for line in ["--only cargo --fast", "--fast --only=cargo"] {
            let mut arguments = arguments(line);
            assert_eq!(arguments.choice("--only", &["cargo"]).unwrap().as_deref(), Some("cargo"));
            assert!(arguments.switch("--fast"));
            arguments.finish().unwrap();
        }
    }

    #[test]
    fn a_choice_that_is_not_offered_is_refused_with_what_is() {
        let error = arguments("--only make").choice("--only", &["cargo", "neovim"]).unwrap_err();
        assert_eq!(error.to_string(), "--only takes one of cargo, neovim, not \"make\"");
        let error = arguments("--only").choice("--only", &["cargo", "neovim"]).unwrap_err();
        assert_eq!(error.to_string(), "--only needs one of cargo, neovim");
    }

    #[test]
    fn what_nobody_took_is_an_error() {
        assert_eq!(arguments("--loud").finish().unwrap_err().to_string(), "\"--loud\" is not understood here");
    }
}

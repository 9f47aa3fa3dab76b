//! Answers about renames that a project keeps: `driftlens.answers.sql`, beside what configures it.
//!
//! A line is `-- driftlens: rename public.users.name=full_name` or `-- driftlens: drop public.users.name`. It counts where it fits what is
//! pending, and goes with the migration that was made with it: an answer that stays would answer a later question too.

use source::{Diagnostic, FilePath, Files, Location, ReadError, Span, codes};

use crate::project::Project;

/// The name of the file.
pub const ANSWERS_FILE: &str = "driftlens.answers.sql";
const HEADER: &str = "-- Answers for `driftlens generate`. A line goes with the migration that is made with it.\n";
const MARK: &str = "-- driftlens:";

/// One kept answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptAnswer {
    /// As written: `public.users.name` or `users.name`.
    pub from: String,
    /// The new name, full or only its last part; None where it is dropped, whatever is new beside it.
    pub to: Option<String>,
}

impl KeptAnswer {
    /// The line that keeps it.
    pub fn line(&self) -> String {
        match &self.to {
            Some(to) => format!("{MARK} rename {}={to}", self.from),
            None => format!("{MARK} drop {}", self.from),
        }
    }
}

/// The file's text with changes to it that nothing has written yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswersEdit {
    pub path: FilePath,
    /// None where no answer is left: the file goes.
    pub text: Option<String>,
    /// True where the file is there already.
    pub replaces: bool,
}

/// A project's kept answers, as the file has them.
#[derive(Clone, Debug)]
pub(crate) struct AnswersFile {
    path: FilePath,
    text: Option<String>,
    pub(crate) answers: Vec<KeptAnswer>,
}

impl AnswersFile {
    /// An error names the line that says nothing that can be understood.
    pub(crate) fn read(project: &Project, files: &dyn Files) -> Result<AnswersFile, Box<Diagnostic>> {
        let source = project.source();
        let path = FilePath::from(source.parent().unwrap_or(source).join(ANSWERS_FILE));
        let text = match files.read(&path) {
            Ok(text) => text,
            Err(ReadError::NotFound) => return Ok(AnswersFile { path, text: None, answers: Vec::new() }),
            Err(error) => {
                let message = format!("the answers about renames cannot be used: the file {error}");
                let finding = Diagnostic::new(codes::UNREADABLE_FILE, Location::start_of(&path), message);
                return Err(Box::new(finding.with_help("Make it readable, or delete it and answer anew.")));
            }
        };
        let mut answers = Vec::new();
        let mut start = 0;
        for (n_before, line) in text.split_inclusive('\n').enumerate() {
            let span = Span::new(start, start + line.trim_end().len());
            start += line.len();
            if let Some(words) = words_of(line) {
                answers.push(parsed(words).ok_or_else(|| not_understood(&path, n_before + 1, span))?);
            }
        }
        Ok(AnswersFile { path, text: Some(text.to_string()), answers })
    }

    /// The file without these answers; None where it stays as it is.
    pub(crate) fn without(&self, used: &[KeptAnswer]) -> Option<AnswersEdit> {
        let text = self.text.as_deref()?;
        let is_used = |line: &&str| words_of(line).and_then(parsed).is_some_and(|answer| used.contains(&answer));
        if !text.split_inclusive('\n').any(|line| is_used(&line)) {
            return None;
        }
        let left: String = text.split_inclusive('\n').filter(|line| !is_used(line)).collect();
        let is_empty = left.replace(HEADER.trim_end(), "").trim().is_empty();
        Some(AnswersEdit { path: self.path.clone(), text: (!is_empty).then_some(left), replaces: true })
    }

    /// The file with one more answer, in the place of those about the same object.
    pub(crate) fn with(&self, answer: &KeptAnswer) -> AnswersEdit {
        let text = self.text.as_deref().unwrap_or(HEADER);
        let is_older = |line: &&str| words_of(line).and_then(parsed).is_some_and(|it| it.from == answer.from);
        let mut text: String = text.split_inclusive('\n').filter(|line| !is_older(line)).collect();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(&answer.line());
        text.push('\n');
        AnswersEdit { path: self.path.clone(), text: Some(text), replaces: self.text.is_some() }
    }
}

/// The file of a project with one more answer. An error names a line that cannot be understood.
pub fn keep_answer(project: &Project, answer: &KeptAnswer, files: &dyn Files) -> Result<AnswersEdit, Box<Diagnostic>> {
    AnswersFile::read(project, files).map(|file| file.with(answer))
}

fn words_of(line: &str) -> Option<&str> {
    line.trim_start_matches('\u{feff}').trim().strip_prefix(MARK).map(str::trim)
}

fn parsed(words: &str) -> Option<KeptAnswer> {
    let (verb, rest) = words.split_once(char::is_whitespace)?;
    let rest = rest.trim();
    match verb {
        "rename" => match rest.split_once('=') {
            Some((from, to)) if !from.trim().is_empty() && !to.trim().is_empty() => {
                Some(KeptAnswer { from: from.trim().to_owned(), to: Some(to.trim().to_owned()) })
            }
            _ => None,
        },
        "drop" if !rest.is_empty() => Some(KeptAnswer { from: rest.to_owned(), to: None }),
        _ => None,
    }
}

fn not_understood(path: &FilePath, n_line: usize, span: Span) -> Box<Diagnostic> {
    let message = format!("line {n_line} is no answer about a rename");
    let help = "Write `-- driftlens: rename public.users.name=full_name` or `-- driftlens: drop public.users.name`, or take the line out.";
    Box::new(Diagnostic::new(codes::INVALID_CONFIG, Location::new(path, span), message).with_help(help))
}

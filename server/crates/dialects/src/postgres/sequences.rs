//! Sequences and their numbers as SQL, those that go without saying left out.

use schema::{BIGINT, Dialect, Sequence, SequenceOptions};

use super::serial::integer_maximum;
use crate::sql_text::quoted;

/// `CREATE SEQUENCE`.
pub(crate) fn create(sequence: &Sequence) -> String {
    let mut words = vec![format!("CREATE SEQUENCE {}", quoted(Dialect::Postgres, &sequence.name))];
    if sequence.integer != BIGINT {
        words.push(format!("AS {}", sequence.integer));
    }
    words.extend(options(&sequence.options, &sequence.integer));
    words.join(" ")
}

/// The options that a sequence of the integer type would not have by itself. (CREATE SEQUENCE, Parameters.)
pub(crate) fn options(options: &SequenceOptions, integer: &str) -> Vec<String> {
    let is_descending = options.increment.starts_with('-');
    let maximum = integer_maximum(integer);
    let minimum = match integer {
        "smallint" => "-32768",
        "integer" => "-2147483648",
        _ => "-9223372036854775808",
    };
    let (minimum, maximum) = if is_descending { (minimum, "-1") } else { ("1", maximum) };
    let start = if is_descending { &options.max_value } else { &options.min_value };
    let numbers = [
        ("INCREMENT BY", options.increment.as_str(), "1"),
        ("MINVALUE", options.min_value.as_str(), minimum),
        ("MAXVALUE", options.max_value.as_str(), maximum),
        ("START WITH", options.start_with.as_str(), start.as_str()),
        ("CACHE", options.cache.as_str(), "1"),
    ];
    let differing = numbers.into_iter().filter(|(_, number, usual)| number != usual && !number.is_empty());
    let mut words: Vec<String> = differing.map(|(word, number, _)| format!("{word} {number}")).collect();
    if options.cycle {
        words.push(String::from("CYCLE"));
    }
    words
}

//! SQLite's types: any text, of which only the affinity counts for the database. (datatype3.html, 3.1.)

/// In lower case with single blanks, none beside parentheses and commas; else as declared.
pub(crate) fn canonical(text: &str) -> String {
    let mut canonical = String::with_capacity(text.len());
    for word in text.split_ascii_whitespace() {
        let is_tight = canonical.is_empty() || canonical.ends_with(['(', ',']) || word.starts_with(['(', ')', ',']);
        if !is_tight {
            canonical.push(' ');
        }
        canonical.push_str(&word.to_ascii_lowercase());
    }
    canonical
}

/// How a column turns the values that it is given, whatever its type is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Affinity {
    Integer,
    Text,
    /// Values stay as they are; also where no type is declared.
    Blob,
    Real,
    Numeric,
}

/// The affinity that a declared type gives: the first of the rules whose word stands anywhere in it.
pub fn affinity(declared: &str) -> Affinity {
    const RULES: [(Affinity, &[&str]); 4] = [
        (Affinity::Integer, &["int"]),
        (Affinity::Text, &["char", "clob", "text"]),
        (Affinity::Blob, &["blob"]),
        (Affinity::Real, &["real", "floa", "doub"]),
    ];
    let lower = declared.to_ascii_lowercase();
    if lower.trim().is_empty() {
        return Affinity::Blob;
    }
    let rule = RULES.iter().find(|(_, words)| words.iter().any(|word| lower.contains(word)));
    rule.map_or(Affinity::Numeric, |(affinity, _)| *affinity)
}

/// True where the column turns a quoted number into a number.
pub(crate) fn is_numeric(declared: &str) -> bool {
    matches!(affinity(declared), Affinity::Integer | Affinity::Real | Affinity::Numeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spacing_and_case_are_folded() {
        let table = [
            ("INTEGER", "integer"),
            ("text (255)", "text(255)"),
            ("NUMERIC( 10 , 2 )", "numeric(10,2)"),
            ("unsigned  big int", "unsigned big int"),
            ("", ""),
        ];
        for (text, expected) in table {
            assert_eq!(canonical(text), expected, "{text}");
            assert_eq!(canonical(expected), expected, "{expected} is not stable");
        }
    }
    #[test]
    fn the_first_rule_that_fits_gives_the_affinity() {
        let table = [
            (Affinity::Integer, "INT, INTEGER, TINYINT, UNSIGNED BIG INT, INT8, POINT, FLOATING POINT, charint"),
            (Affinity::Text, "CHARACTER(20), VARCHAR(255), NCHAR(55), TEXT, CLOB, text real, CHARBLOB"),
            (Affinity::Blob, "BLOB, blob real, F32_BLOB(3), , "),
            (Affinity::Real, "REAL, DOUBLE PRECISION, FLOAT"),
            (Affinity::Numeric, "NUMERIC, DECIMAL(10;5), BOOLEAN, DATE, DATETIME, STRING, ANY"),
        ];
        for (expected, types) in table {
            for declared in types.split(", ") {
                assert_eq!(affinity(declared), expected, "{declared}");
            }
        }
    }
}

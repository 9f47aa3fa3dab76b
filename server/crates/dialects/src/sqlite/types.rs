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

/// True where the column turns a quoted number into a number.
pub(crate) fn is_numeric(canonical: &str) -> bool {
    let is_text = ["char", "clob", "text", "blob"].iter().any(|part| canonical.contains(part));
    let holds = |part: &str| canonical.contains(part);
    holds("int") || (!is_text && ["real", "floa", "doub", "numeric", "decimal"].iter().any(|part| holds(part)))
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
}

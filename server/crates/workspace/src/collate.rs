//! The order in which drizzle-kit sees files: glob v8 sorts paths with `localeCompare(…, 'en')`, which is ICU's root collation.
//!
//! Three passes, as there: letters without accents and case, then accents, then case with the lower one first. Punctuation comes before
//! digits, digits before letters. Covered are ASCII and the accented letters of Latin-1; other characters follow in code point order.

use std::cmp::Ordering;

/// ASCII in ICU's order, letters left out.
const MARKS: &str = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789";

/// Accented letters beside the letter they sort with.
const ACCENTED: [(char, &str); 9] = [
    ('a', "àáâãäå"),
    ('c', "ç"),
    ('e', "èéêë"),
    ('i', "ìíîï"),
    ('n', "ñ"),
    ('o', "òóôõöø"),
    ('u', "ùúûü"),
    ('y', "ýÿ"),
    ('s', "ß"),
];

pub(crate) fn compare(left: &str, right: &str) -> Ordering {
    left.chars()
        .map(letter)
        .cmp(right.chars().map(letter))
        .then_with(|| left.chars().map(lower).cmp(right.chars().map(lower)))
        .then_with(|| left.chars().map(char::is_uppercase).cmp(right.chars().map(char::is_uppercase)))
}

fn letter(character: char) -> (u8, u32) {
    if let Some(place) = MARKS.find(character) {
        return (0, place as u32);
    }
    let lower = lower(character);
    let base = ACCENTED.iter().find(|(_, accented)| accented.contains(lower)).map_or(lower, |(base, _)| *base);
    (1, u32::from(base))
}

fn lower(character: char) -> char {
    character.to_lowercase().next().unwrap_or(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sorted: &[&str]) {
        let mut found = sorted.to_vec();
        found.reverse();
        found.sort_by(|left, right| compare(left, right));
        assert_eq!(found, sorted);
    }

    #[test]
    fn names_sort_as_glob_8_sorts_them() {
        // What glob@8.1.0 printed for these files under Node 22.
        check(&[
            "_x",
            ";s",
            "!bang",
            "(p)",
            "[q]",
            "{br}",
            "@s",
            "&am",
            "#v",
            "%p",
            "`g",
            "^c",
            "+t",
            "=w",
            "~u",
            "$r",
            "1.ts",
            "10.ts",
            "2.ts",
            "a b.ts",
            "a_b.ts",
            "a_b/n.ts",
            "a-b.ts",
            "a-b/n.ts",
            "a,c.ts",
            "a.b.ts",
            "a.b/n.ts",
            "a.ts",
            "A.ts",
            "ab.ts",
            "ab/n.ts",
            "b.ts",
            "B.ts",
            "e.ts",
            "é.ts",
            "f.ts",
            "q'uo.ts",
            "user_x.ts",
            "user-x.ts",
            "user.ts",
            "users.ts",
            "Zed/x.ts",
        ]);
    }

    #[test]
    fn case_counts_only_when_all_else_is_equal() {
        check(&["a/x", "A/x", "A/y", "a/z"]);
    }
}

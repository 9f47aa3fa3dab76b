//! Database names made from keys: drizzle-orm's `casing` option.

use super::Casing;

/// A key in the casing, as drizzle-orm 0.45 makes it (`casing.ts`).
pub(super) fn apply(casing: Option<Casing>, key: &str) -> String {
    let Some(casing) = casing else { return key.to_owned() };
    let words = words(key);
    match casing {
        Casing::SnakeCase => words.iter().map(|word| word.to_lowercase()).collect::<Vec<String>>().join("_"),
        Casing::CamelCase => words
            .iter()
            .enumerate()
            .map(|(position, word)| if position == 0 { word.to_lowercase() } else { capitalized(word) })
            .collect(),
    }
}

fn capitalized(word: &str) -> String {
    let mut characters = word.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

/// The matches of `/[\da-z]+|[A-Z]+(?![a-z])|[A-Z][\da-z]+/g`, apostrophes taken out first.
fn words(key: &str) -> Vec<String> {
    let characters: Vec<char> = key.chars().filter(|character| !matches!(character, '\'' | '\u{2019}')).collect();
    let is_lower = |position: usize| characters.get(position).is_some_and(char::is_ascii_lowercase);
    let is_upper = |position: usize| characters.get(position).is_some_and(char::is_ascii_uppercase);
    let is_small =
        |position: usize| characters.get(position).is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    let mut words = Vec::new();
    let mut position = 0;
    while position < characters.len() {
        let start = position;
        if is_small(position) {
            while is_small(position) {
                position += 1;
            }
        } else if is_upper(position) {
            while is_upper(position) {
                position += 1;
            }
            // A run of capitals gives its last one to the word that follows.
            if is_lower(position) {
                if position - start > 1 {
                    position -= 1;
                } else {
                    while is_small(position) {
                        position += 1;
                    }
                }
            }
        } else {
            position += 1;
            continue;
        }
        words.push(characters.get(start..position).unwrap_or_default().iter().collect());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_cased_as_drizzle_does() {
        let table = [
            ("createdAt", "created_at", "createdAt"),
            ("userID", "user_id", "userID"),
            ("HTTPServer2Go", "http_server2_go", "httpServer2Go"),
            ("snake_case_key", "snake_case_key", "snakeCaseKey"),
            ("A", "a", "a"),
        ];
        for (key, snake, camel) in table {
            assert_eq!(apply(Some(Casing::SnakeCase), key), snake);
            assert_eq!(apply(Some(Casing::CamelCase), key), camel);
        }
        assert_eq!(apply(None, "createdAt"), "createdAt");
    }
}

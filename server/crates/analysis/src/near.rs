//! The names most like one that there is not.

/// Up to this many letters may differ.
const MOST_EDITS: usize = 4;
const MOST_NAMES: usize = 3;

/// The nearest first: those that hold the name or are held by it, and those that are a few letters from it.
pub fn nearest<'n>(wanted: &str, names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let lower = wanted.to_lowercase();
    let limit = MOST_EDITS.min(wanted.chars().count() / 2);
    let mut found: Vec<(usize, &str)> = names
        .filter_map(|name| {
            let other = name.to_lowercase();
            let is_inside =
                !lower.is_empty() && !other.is_empty() && (other.contains(&lower) || lower.contains(&other));
            let edits = edits(&lower, &other);
            // A name inside another is near whatever its length, but not nearer than a slip of the pen.
            (is_inside || edits <= limit).then_some((if is_inside { edits.min(limit + 1) } else { edits }, name))
        })
        .collect();
    found.sort_unstable();
    found.into_iter().take(MOST_NAMES).map(|(_, name)| name.to_owned()).collect()
}

/// How many letters have to be put in, taken out or replaced.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (at, letter) in a.chars().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(at + 1);
        for (other, (above, before)) in b.iter().zip(row.iter().skip(1).zip(&row)) {
            let left = next.last().copied().unwrap_or_default();
            next.push((before + usize::from(*other != letter)).min(above + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(wanted: &str, names: &[&str], expected: &[&str]) {
        assert_eq!(nearest(wanted, names.iter().copied()), expected, "{wanted}");
    }

    #[test]
    fn a_slip_of_the_pen_finds_the_name() {
        check("uesrs", &["users", "posts", "user_roles"], &["users"]);
        check("email", &["users.email", "users.name"], &["users.email"]);
        check("", &["users"], &[]);
        check("zzz", &["users"], &[]);
        assert_eq!(edits("", "abc"), 3);
        assert_eq!(edits("kitten", "sitting"), 3);
    }
}

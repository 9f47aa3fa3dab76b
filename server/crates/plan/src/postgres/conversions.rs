//! From one type to another: what PostgreSQL converts by itself, what wants a USING, and what writes the rows anew.

use schema::SqlType;

/// How the values of a column get to its new type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Conversion {
    /// There is an assignment cast.
    ByItself,
    /// A cast has to be asked for.
    Cast,
    /// There is no cast between the two: the value's text is read as the new type.
    ThroughText,
}

/// (pg_cast, and `find_coercion_pathway` in src/backend/parser/parse_coerce.c for what goes through text.)
pub(crate) fn conversion(from: &SqlType, to: &SqlType) -> Conversion {
    let (from_base, to_base) = (base(&from.canonical), base(&to.canonical));
    if n_dimensions(from) != n_dimensions(to) {
        return Conversion::ThroughText;
    }
    if from.enum_name.is_some() && to.enum_name.is_some() {
        return if from.enum_name == to.enum_name { Conversion::ByItself } else { Conversion::ThroughText };
    }
    let is_string = |base: &str| matches!(base, "text" | "character varying" | "character" | "bpchar" | "name");
    if to.enum_name.is_some() {
        return if is_string(&from_base) { Conversion::Cast } else { Conversion::ThroughText };
    }
    if from_base == to_base || is_string(&to_base) {
        return Conversion::ByItself;
    }
    if is_string(&from_base) {
        return Conversion::Cast;
    }
    let pair = (from_base.as_str(), to_base.as_str());
    let is_by_itself = (is_number(pair.0) && is_number(pair.1))
        || matches!(
            pair,
            ("date", "timestamp" | "timestamp with time zone")
                | ("timestamp", "date" | "time" | "timestamp with time zone")
                | ("timestamp with time zone", "date" | "time" | "time with time zone" | "timestamp")
                | ("time", "interval" | "time with time zone")
                | ("time with time zone", "time")
                | ("interval", "time")
                | ("json", "jsonb")
                | ("jsonb", "json")
                | ("cidr", "inet")
                | ("inet", "cidr")
                | ("bit", "bit varying")
                | ("bit varying", "bit")
                | ("numeric" | "integer" | "bigint", "money")
                | ("money", "numeric")
        );
    if is_by_itself {
        return Conversion::ByItself;
    }
    match pair {
        ("integer", "boolean")
        | ("boolean", "integer")
        | ("jsonb", "boolean" | "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision")
        | ("bit", "integer" | "bigint")
        | ("integer" | "bigint", "bit") => Conversion::Cast,
        _ => Conversion::ThroughText,
    }
}

/// True where the rows stay as they are: the new type only allows more. (`ATColumnChangeRequiresRewrite`.)
pub(crate) fn keeps_rows(from: &SqlType, to: &SqlType) -> bool {
    if from == to {
        return true;
    }
    let (from_base, to_base) = (base(&from.canonical), base(&to.canonical));
    let (old, new) = (modifiers(&from.canonical), modifiers(&to.canonical));
    let is_wider = new.is_empty()
        || match (old.as_slice(), new.as_slice()) {
            ([old], [new]) => old <= new,
            ([old, scale], [new, new_scale]) => old <= new && scale == new_scale,
            _ => false,
        };
    match (from_base.as_str(), to_base.as_str()) {
        ("character varying" | "text", "text") => true,
        ("text", "character varying") => new.is_empty(),
        ("character varying", "character varying")
        | ("numeric", "numeric")
        | ("bit varying", "bit varying")
        | ("timestamp", "timestamp")
        | ("timestamp with time zone", "timestamp with time zone")
        | ("time", "time")
        | ("interval", "interval") => is_wider,
        _ => false,
    }
}

/// True where values get rounded or cut without an error.
pub(crate) fn rounds(from: &SqlType, to: &SqlType) -> bool {
    let (from_base, to_base) = (base(&from.canonical), base(&to.canonical));
    let (old, new) = (modifiers(&from.canonical), modifiers(&to.canonical));
    let is_whole = |base: &str| matches!(base, "smallint" | "integer" | "bigint");
    let has_fractions = |base: &str| matches!(base, "numeric" | "real" | "double precision");
    let is_time = |base: &str| base.starts_with("time") || base == "interval";
    match (from_base.as_str(), to_base.as_str()) {
        (from, to) if has_fractions(from) && is_whole(to) => true,
        ("numeric" | "double precision", "real") | ("numeric", "double precision") => true,
        (from, "numeric") if has_fractions(from) => match (old.get(1), new.get(1)) {
            (_, None) => new.len() == 1,
            (None, Some(_)) => true,
            (Some(old), Some(new)) => new < old,
        },
        ("timestamp" | "timestamp with time zone", "date" | "time" | "time with time zone") => true,
        (from, to) if is_time(from) && is_time(to) => {
            new.last().is_some_and(|new| *new < old.last().copied().unwrap_or(6))
        }
        _ => false,
    }
}

/// True where expressions, keys and references that were written for one type also hold for the other.
pub(crate) fn is_of_one_family(from: &SqlType, to: &SqlType) -> bool {
    if from.enum_name.is_some() || to.enum_name.is_some() || n_dimensions(from) != n_dimensions(to) {
        return false;
    }
    let (from, to) = (base(&from.canonical), base(&to.canonical));
    let is_text = |base: &str| matches!(base, "text" | "character varying");
    // A number compared with one of another kind is cast, and the cast stays in an expression.
    let is_whole = |base: &str| matches!(base, "smallint" | "integer" | "bigint");
    from == to || (is_whole(&from) && is_whole(&to)) || (is_text(&from) && is_text(&to))
}

fn is_number(base: &str) -> bool {
    matches!(base, "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision")
}

fn n_dimensions(sql_type: &SqlType) -> usize {
    // The server keeps no number of dimensions.
    usize::from(sql_type.canonical.ends_with("[]"))
}

/// Without length, precision and array suffix.
fn base(canonical: &str) -> String {
    let element = canonical.trim_end_matches("[]");
    match (element.find('('), element.rfind(')')) {
        (Some(open), Some(close)) => {
            format!("{}{}", element.get(..open).unwrap_or_default(), element.get(close + 1..).unwrap_or_default())
        }
        _ => element.to_owned(),
    }
}

fn modifiers(canonical: &str) -> Vec<u32> {
    let inside = canonical.find('(').zip(canonical.rfind(')')).and_then(|(open, close)| canonical.get(open + 1..close));
    inside.unwrap_or_default().split(',').filter_map(|part| part.trim().parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use schema::Dialect;

    use super::*;

    fn sql_type(text: &str) -> SqlType {
        let enum_name = text.strip_prefix("enum ").map(|name| schema::Name::new("public", name.trim_end_matches("[]")));
        dialects::sql_type(Dialect::Postgres, text.trim_start_matches("enum "), enum_name)
    }

    #[test]
    fn a_cast_is_asked_for_where_none_goes_by_itself() {
        for (from, to, expected) in [
            ("integer", "bigint", Conversion::ByItself),
            ("bigint", "integer", Conversion::ByItself),
            ("integer", "text", Conversion::ByItself),
            ("text", "integer", Conversion::Cast),
            ("varchar(3)", "enum mood", Conversion::Cast),
            ("enum mood", "varchar(3)", Conversion::ByItself),
            ("enum mood", "enum state", Conversion::ThroughText),
            ("enum mood", "integer", Conversion::ThroughText),
            ("integer", "enum mood", Conversion::ThroughText),
            ("boolean", "integer", Conversion::Cast),
            ("bigint", "boolean", Conversion::ThroughText),
            ("timestamp", "timestamptz", Conversion::ByItself),
            ("uuid", "integer", Conversion::ThroughText),
            ("text[]", "integer[]", Conversion::Cast),
            ("text", "text[]", Conversion::ThroughText),
            ("json", "jsonb", Conversion::ByItself),
        ] {
            assert_eq!(conversion(&sql_type(from), &sql_type(to)), expected, "{from} to {to}");
        }
    }

    #[test]
    fn numbers_and_times_are_rounded_where_the_new_type_holds_less() {
        for (from, to, expected) in [
            ("numeric(10,2)", "numeric(10,1)", true),
            ("numeric(10,2)", "numeric(8,2)", false),
            ("numeric", "numeric(10,2)", true),
            ("numeric(10,2)", "numeric", false),
            ("double precision", "integer", true),
            ("integer", "double precision", false),
            ("double precision", "real", true),
            ("timestamp", "date", true),
            ("timestamptz", "timestamptz(3)", true),
            ("timestamptz(3)", "timestamptz", false),
            ("text", "varchar(3)", false),
        ] {
            assert_eq!(rounds(&sql_type(from), &sql_type(to)), expected, "{from} to {to}");
        }
    }

    #[test]
    fn rows_stay_where_the_type_only_gets_wider() {
        for (from, to, expected) in [
            ("varchar(20)", "varchar(50)", true),
            ("varchar(20)", "varchar(10)", false),
            ("varchar(20)", "text", true),
            ("text", "varchar", true),
            ("text", "varchar(50)", false),
            ("numeric(10,2)", "numeric(12,2)", true),
            ("numeric(10,2)", "numeric(12,3)", false),
            ("numeric(10,2)", "numeric", true),
            ("integer", "bigint", false),
            ("timestamptz", "timestamptz(3)", false),
        ] {
            assert_eq!(keeps_rows(&sql_type(from), &sql_type(to)), expected, "{from} to {to}");
        }
    }
}

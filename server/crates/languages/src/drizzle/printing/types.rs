//! Columns by their types: the builder that Drizzle has for one, else one made in the file.

use dialects::{Affinity, affinity};
use schema::{Column, Name, ObjectKind, SqlType};

use super::literals::{object, string};
use super::{Printer, literals};

/// How values of a column are written in TypeScript.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Values {
    Number,
    /// A number that TypeScript holds as a string.
    Digits,
    Text,
    /// One of an enum.
    Member,
    Boolean,
    Json,
    /// `defaultNow()` is there.
    Time,
    Uuid,
    /// In no way that is sure to come out the same: their defaults are SQL.
    Other,
}

/// The call that makes a column, and how its values are written.
pub(super) struct Builder {
    pub(super) call: String,
    pub(super) values: Values,
}

impl Printer<'_> {
    /// `is_opaque`: as a type of the file's own, though Drizzle may have a builder for it.
    pub(super) fn builder(&mut self, column: &Column, is_opaque: bool) -> Builder {
        let name = string(&column.name);
        if !self.is_postgres() {
            return self.sqlite_builder(&name, &column.sql_type);
        }
        let element = column.sql_type.canonical.trim_end_matches("[]").to_owned();
        let known = match self.enum_of(&column.sql_type) {
            Some(of) => Some(Builder { call: format!("{of}({name})"), values: Values::Member }),
            None if is_opaque => None,
            None => self.postgres_builder(&name, &element, column.not_null),
        };
        let mut builder = known.unwrap_or_else(|| self.custom(&name, &element));
        let dimensions = column.sql_type.canonical.get(element.len()..).unwrap_or_default();
        match dimensions.len() / 2 {
            0 => {}
            1 => builder.call.push_str(".array()"),
            _ if self.is_one() => builder.call.push_str(&format!(".array({})", string(dimensions))),
            n_dimensions => builder.call.push_str(&".array()".repeat(n_dimensions)),
        }
        builder
    }

    /// The file's own enum, where it has one.
    fn enum_of(&self, sql_type: &SqlType) -> Option<String> {
        let name = sql_type.enum_name.as_ref()?;
        let found = self.schema.enums.get(name)?;
        (!found.values.is_empty()).then(|| self.names.object(ObjectKind::Enum, name))
    }

    /// None for a type that Drizzle has no builder for.
    fn postgres_builder(&mut self, name: &str, element: &str, not_null: bool) -> Option<Builder> {
        let (word, modifier) = parts(element);
        let zoned = word.strip_suffix(" with time zone");
        let precision = || modifier.map(|it| ("precision", it.to_owned()));
        let dimensions = || modifier.map(|it| vec![("dimensions", it.to_owned())]);
        let number_mode = || vec![("mode", string("number"))];
        let (function, options, values): (&'static str, Vec<(&str, String)>, Values) = match (word.as_str(), modifier) {
            ("smallint", None) => ("smallint", Vec::new(), Values::Number),
            ("integer", None) => ("integer", Vec::new(), Values::Number),
            ("bigint", None) => ("bigint", number_mode(), Values::Number),
            ("smallserial", None) => ("smallserial", Vec::new(), Values::Number),
            ("serial", None) => ("serial", Vec::new(), Values::Number),
            // Drizzle forgets NOT NULL where the numbers are BigInts.
            ("bigserial", None) if !not_null => ("bigserial", vec![("mode", string("bigint"))], Values::Number),
            ("bigserial", None) => ("bigserial", number_mode(), Values::Number),
            ("boolean", None) => ("boolean", Vec::new(), Values::Boolean),
            ("text", None) => ("text", Vec::new(), Values::Text),
            ("character varying", None) => ("varchar", Vec::new(), Values::Text),
            ("character varying", Some(length)) => ("varchar", vec![("length", length.to_owned())], Values::Text),
            ("character", Some(length)) => ("char", vec![("length", length.to_owned())], Values::Text),
            ("numeric", None) => ("numeric", Vec::new(), Values::Digits),
            ("numeric", Some(digits)) => {
                let (precision, scale) = digits.split_once(',')?;
                ("numeric", vec![("precision", precision.to_owned()), ("scale", scale.to_owned())], Values::Digits)
            }
            ("real", None) => ("real", Vec::new(), Values::Number),
            ("double precision", None) => ("doublePrecision", Vec::new(), Values::Number),
            ("json", None) => ("json", Vec::new(), Values::Json),
            ("jsonb", None) => ("jsonb", Vec::new(), Values::Json),
            ("uuid", None) => ("uuid", Vec::new(), Values::Uuid),
            ("inet", None) => ("inet", Vec::new(), Values::Text),
            ("cidr", None) => ("cidr", Vec::new(), Values::Text),
            ("macaddr", None) => ("macaddr", Vec::new(), Values::Text),
            ("macaddr8", None) => ("macaddr8", Vec::new(), Values::Text),
            ("point", None) => ("point", Vec::new(), Values::Other),
            ("line", None) => ("line", Vec::new(), Values::Other),
            ("geometry", Some("point")) => ("geometry", vec![("type", string("point"))], Values::Other),
            ("bit", Some(_)) => ("bit", dimensions()?, Values::Other),
            ("vector", Some(_)) => ("vector", dimensions()?, Values::Other),
            ("halfvec", Some(_)) => ("halfvec", dimensions()?, Values::Other),
            ("sparsevec", Some(_)) => ("sparsevec", dimensions()?, Values::Other),
            ("date", None) => ("date", Vec::new(), Values::Time),
            _ => match zoned.unwrap_or(&word) {
                "time" => ("time", time_options(precision(), zoned.is_some()), Values::Time),
                "timestamp" => {
                    let mut options = time_options(precision(), zoned.is_some());
                    // A date holds milliseconds, a string all that the column holds.
                    options.push(("mode", string("string")));
                    ("timestamp", options, Values::Time)
                }
                interval => {
                    let fields = interval.strip_prefix("interval")?.trim();
                    let is_spelled = fields.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b' ');
                    if !is_spelled || zoned.is_some() {
                        return None;
                    }
                    let fields = (!fields.is_empty()).then(|| ("fields", string(fields)));
                    ("interval", fields.into_iter().chain(precision()).collect(), Values::Text)
                }
            },
        };
        Some(Builder { call: call(self.core(function), name, &options), values })
    }

    fn sqlite_builder(&mut self, name: &str, sql_type: &SqlType) -> Builder {
        let (word, modifier) = parts(&sql_type.canonical);
        let length = modifier.filter(|it| it.bytes().all(|byte| byte.is_ascii_digit()));
        let (function, options, values) = match (word.as_str(), modifier) {
            ("integer", None) => ("integer", Vec::new(), Values::Number),
            ("real", None) => ("real", Vec::new(), Values::Number),
            ("numeric", None) => ("numeric", Vec::new(), Values::Digits),
            ("text", None) => ("text", Vec::new(), Values::Text),
            ("text", Some(_)) if length.is_some() => {
                ("text", vec![("length", length.unwrap_or_default().to_owned())], Values::Text)
            }
            ("blob", None) => ("blob", Vec::new(), Values::Other),
            _ => return self.custom(name, &sql_type.canonical),
        };
        Builder { call: call(self.core(function), name, &options), values }
    }

    fn custom(&mut self, name: &str, text: &str) -> Builder {
        if !self.custom.contains_key(text) {
            let chosen = self.names.custom_type(text);
            self.custom.insert(text.to_owned(), chosen);
        }
        let function = self.custom.get(text).map(String::as_str).unwrap_or_default();
        Builder { call: format!("{function}({name})"), values: Values::Other }
    }

    /// What is made for the types that Drizzle has no builder for.
    pub(super) fn custom_types(&mut self) -> String {
        let custom = std::mem::take(&mut self.custom);
        let mut text = String::new();
        for (sql_type, name) in custom {
            let data = self.data(&sql_type);
            let custom_type = self.core("customType");
            let sql_type = literals::string(&sql_type);
            text.push_str(&format!(
                "const {name} = {custom_type}<{{ data: {data} }}>({{ dataType: () => {sql_type} }});\n"
            ));
        }
        text
    }

    /// The TypeScript type of what a driver gives.
    fn data(&self, sql_type: &str) -> &'static str {
        if !self.is_postgres() {
            return match affinity(sql_type) {
                Affinity::Integer | Affinity::Real => "number",
                Affinity::Text => "string",
                Affinity::Blob if sql_type.contains("blob") => "Uint8Array",
                Affinity::Blob | Affinity::Numeric => "unknown",
            };
        }
        let name = sql_type.rsplit_once('.').map_or(sql_type, |(_, name)| name);
        let domain = self.schema.domains.values().find(|it| {
            let full: &Name = &it.name;
            dialects::quoted_name(self.schema.dialect, full) == sql_type || full.name == name
        });
        match domain.map_or(sql_type, |domain| domain.sql_type.canonical.as_str()) {
            "bytea" => "Uint8Array",
            "boolean" => "boolean",
            "smallint" | "integer" | "real" | "double precision" | "oid" => "number",
            "json" | "jsonb" => "unknown",
            _ => "string",
        }
    }
}

fn call(function: &str, name: &str, options: &[(&str, String)]) -> String {
    match options {
        [] => format!("{function}({name})"),
        options => format!("{function}({name}, {})", object(options)),
    }
}

fn time_options(precision: Option<(&'static str, String)>, zoned: bool) -> Vec<(&'static str, String)> {
    let zone = zoned.then(|| ("withTimezone", String::from("true")));
    precision.into_iter().chain(zone).collect()
}

/// `timestamp(3) with time zone` as `timestamp with time zone` and `3`.
fn parts(element: &str) -> (String, Option<&str>) {
    let Some((before, rest)) = element.split_once('(') else { return (element.to_owned(), None) };
    match rest.split_once(')') {
        Some((modifier, after)) => (format!("{before}{after}"), Some(modifier)),
        None => (element.to_owned(), None),
    }
}

//! What is particular to a database: types, defaults and expressions in canonical form, default names.

use schema::{Dialect, Expression, Form, Name, Scalar, SqlType};

/// A type as the schema language prints it, made comparable. `enum_name` names the enum it is (or is an array of), where known.
pub fn sql_type(dialect: Dialect, text: &str, enum_name: Option<Name>) -> SqlType {
    let _ = dialect;
    SqlType { text: text.to_owned(), canonical: text.to_owned(), enum_name }
}

/// An expression or a query, made comparable.
pub fn expression(dialect: Dialect, text: &str) -> Expression {
    let _ = dialect;
    Expression { text: text.to_owned(), canonical: text.to_owned() }
}

/// A column's default, made comparable with the help of the column's type.
pub fn default(dialect: Dialect, text: &str, form: Form, column_type: &SqlType) -> Scalar {
    let _ = (dialect, column_type);
    Scalar { text: text.to_owned(), form, canonical: text.to_owned() }
}

/// An option's value (`fillfactor = 70`).
pub fn option_value(text: &str, form: Form) -> Scalar {
    Scalar { text: text.to_owned(), form, canonical: text.to_owned() }
}

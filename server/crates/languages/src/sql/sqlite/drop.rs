//! DROP TABLE, INDEX, VIEW, TRIGGER. (sqlite.org/lang_droptable.html and its like.)

use schema::OpaqueKind;

use super::reader::{Read, Reader};
use crate::sql::statement::{Class, Drop, Kind, Target};

const CLASSES: [(&str, Class, &str); 4] = [
    ("TABLE", Class::Table, "a table name"),
    ("INDEX", Class::Index, "an index name"),
    ("VIEW", Class::View, "a view name"),
    ("TRIGGER", Class::Opaque(OpaqueKind::Trigger), "a trigger name"),
];

pub(super) fn drop(reader: &mut Reader) -> Read<Kind> {
    reader.expect_word("DROP")?;
    let found = CLASSES.into_iter().find(|(word, ..)| reader.eat_word(word));
    let (_, class, what) = found.ok_or_else(|| reader.stop("TABLE, INDEX, VIEW or TRIGGER"))?;
    let if_exists = reader.eat_words(&["IF", "EXISTS"]);
    let name = reader.qname(what)?;
    let objects = vec![Target { class, name, part: None, signature: None }];
    Ok(Kind::Drop(Drop { objects, if_exists, cascade: false }))
}

//! CREATE: what is made, and the objects of which little is kept. (sqlite.org/lang_createindex.html, lang_createtrigger.html,
//! lang_createvtab.html.)

use std::sync::Arc;

use schema::{Dialect, OpaqueKind};

use super::reader::{self, Read, Reader};
use super::{create_table, keys, view};
use crate::sql::statement::{CreateIndex, CreateOpaque, Kind, QName};

pub(super) fn create(reader: &mut Reader) -> Read<Kind> {
    reader.expect_word("CREATE")?;
    let temporary = reader.eat_word("TEMP") || reader.eat_word("TEMPORARY");
    if reader.eat_word("TABLE") {
        create_table::create_table(reader, temporary)
    } else if reader.eat_word("VIEW") {
        view::create_view(reader, temporary)
    } else if reader.eat_word("TRIGGER") {
        trigger(reader)
    } else if temporary {
        Err(reader.stop("TABLE, VIEW or TRIGGER"))
    } else if reader.eat_word("INDEX") {
        index(reader, false)
    } else if reader.eat_words(&["UNIQUE", "INDEX"]) {
        index(reader, true)
    } else if reader.eat_words(&["VIRTUAL", "TABLE"]) {
        virtual_table(reader)
    } else {
        Err(reader.stop("TABLE, INDEX, VIEW, TRIGGER or VIRTUAL TABLE"))
    }
}

fn index(reader: &mut Reader, unique: bool) -> Read<Kind> {
    let if_not_exists = reader.if_not_exists();
    let name = reader.qname("an index name")?;
    reader.expect_word("ON")?;
    let table = QName { namespace: None, name: reader.name("a table name")? };
    let keys = keys::keys(reader)?;
    let predicate = if reader.eat_word("WHERE") {
        reader::expect_balanced(reader.rest())?;
        let condition = reader::snippet(reader.text, reader.take_rest());
        Some(condition.ok_or_else(|| reader.stop("a condition"))?)
    } else {
        None
    };
    Ok(Kind::CreateIndex(Box::new(CreateIndex {
        only: false,
        name: Some(name.name),
        namespace: name.namespace,
        table,
        unique,
        concurrently: false,
        if_not_exists,
        method: None,
        keys,
        include: Vec::new(),
        nulls_not_distinct: false,
        predicate,
        options: Vec::new(),
    })))
}

/// The splitter leaves `BEGIN`, the first statement of the body, `; END`.
fn trigger(reader: &mut Reader) -> Read<Kind> {
    let if_not_exists = reader.if_not_exists();
    let name = reader.qname("a trigger name")?;
    trigger_event(reader)?;
    reader.expect_word("ON")?;
    let on = reader.qname("a table name")?;
    reader.eat_words(&["FOR", "EACH", "ROW"]);
    if reader.eat_word("WHEN") {
        while reader.peek().is_some() && !reader.is_word("BEGIN") {
            reader.next();
        }
    }
    reader.expect_word("BEGIN")?;
    while reader.peek().is_some() && !reader.is_symbol(b';') {
        reader.next();
    }
    reader.expect_symbol(b';')?;
    reader.expect_word("END")?;
    Ok(Kind::CreateOpaque(Box::new(CreateOpaque {
        calls: None,
        kind: OpaqueKind::Trigger,
        name,
        signature: None,
        on: Some(on),
        definition: dialects::definition(Dialect::Sqlite, OpaqueKind::Trigger, reader.whole()).map(Arc::new),
        or_replace: false,
        if_not_exists,
    })))
}

fn trigger_event(reader: &mut Reader) -> Read<()> {
    let times: [&[&str]; 3] = [&["BEFORE"], &["AFTER"], &["INSTEAD", "OF"]];
    times.into_iter().any(|words| reader.eat_words(words));
    if reader.eat_words(&["UPDATE", "OF"]) {
        reader.name("a column name")?;
        while reader.eat_symbol(b',') {
            reader.name("a column name")?;
        }
        return Ok(());
    }
    let is_event = ["DELETE", "INSERT", "UPDATE"].iter().any(|word| reader.eat_word(word));
    if is_event { Ok(()) } else { Err(reader.stop("DELETE, INSERT or UPDATE")) }
}

/// What the module is given is its own language.
fn virtual_table(reader: &mut Reader) -> Read<Kind> {
    let if_not_exists = reader.if_not_exists();
    let name = reader.qname("a table name")?;
    reader.expect_word("USING")?;
    reader.name("a module name")?;
    if reader.is_symbol(b'(') {
        reader.parenthesized()?;
    }
    Ok(Kind::CreateVirtualTable { name, if_not_exists })
}

//! ALTER TABLE, with what SQLite 3.53 added and libSQL's own. (sqlite.org/lang_altertable.html; docs.turso.tech, "ALTER TABLE".)

use schema::Deferral;

use super::column;
use super::reader::{Read, Reader};
use super::references;
use crate::sql::statement::{AlterAction, AlterColumn, Ident, Kind, Relation, TableConstraint, TableConstraintKind};

const COLUMN: &str = "a column name";

pub(super) fn alter(reader: &mut Reader) -> Read<Kind> {
    reader.expect_word("ALTER")?;
    reader.expect_word("TABLE")?;
    let name = reader.qname("a table name")?;
    let action = action(reader)?;
    Ok(Kind::AlterRelation { only: false, relation: Relation::Table, name, if_exists: false, actions: vec![action] })
}

fn action(reader: &mut Reader) -> Read<AlterAction> {
    if reader.eat_word("RENAME") {
        rename(reader)
    } else if reader.eat_word("ADD") {
        add(reader)
    } else if reader.eat_word("DROP") {
        drop(reader)
    } else if reader.eat_word("ALTER") {
        alter_column(reader)
    } else {
        Err(reader.stop("RENAME, ADD, DROP or ALTER"))
    }
}

fn rename(reader: &mut Reader) -> Read<AlterAction> {
    if reader.eat_word("TO") {
        return Ok(AlterAction::RenameTo { to: reader.name("a table name")? });
    }
    let from = column_name(reader)?;
    reader.expect_word("TO")?;
    Ok(AlterAction::RenameColumn { from, to: reader.name(COLUMN)? })
}

fn add(reader: &mut Reader) -> Read<AlterAction> {
    if reader.is_word("CONSTRAINT") || reader.is_word("CHECK") {
        return Ok(AlterAction::AddConstraint(Box::new(check(reader)?)));
    }
    eat_column_word(reader);
    Ok(AlterAction::AddColumn { column: Box::new(column::column(reader)?), if_not_exists: false })
}

/// `[CONSTRAINT name] CHECK (…)`: no other constraint can be added.
fn check(reader: &mut Reader) -> Read<TableConstraint> {
    let start = reader.position();
    let name = if reader.eat_word("CONSTRAINT") { Some(reader.name("a constraint name")?) } else { None };
    reader.expect_word("CHECK")?;
    let kind = TableConstraintKind::Check { expression: reader.expression()?, no_inherit: false };
    references::skip_on_conflict(reader)?;
    let span = reader.span_since(start);
    Ok(TableConstraint { name, span, kind, deferral: Deferral::Immediate, not_valid: false })
}

fn drop(reader: &mut Reader) -> Read<AlterAction> {
    if reader.eat_word("CONSTRAINT") {
        let name = reader.name("a constraint name")?;
        return Ok(AlterAction::DropConstraint { name, if_exists: false, cascade: false });
    }
    Ok(AlterAction::DropColumn { name: column_name(reader)?, if_exists: false, cascade: false })
}

fn alter_column(reader: &mut Reader) -> Read<AlterAction> {
    let name = column_name(reader)?;
    if reader.eat_word("TO") {
        return Ok(AlterAction::ReplaceColumn { name, column: Box::new(column::column(reader)?) });
    }
    if reader.eat_words(&["SET", "NOT", "NULL"]) {
        references::skip_on_conflict(reader)?;
        return Ok(AlterAction::AlterColumn { name, action: AlterColumn::SetNotNull });
    }
    if reader.eat_words(&["DROP", "NOT", "NULL"]) {
        return Ok(AlterAction::AlterColumn { name, action: AlterColumn::DropNotNull });
    }
    Err(reader.stop("TO, SET NOT NULL or DROP NOT NULL"))
}

/// A name behind the word COLUMN, which may be left out.
fn column_name(reader: &mut Reader) -> Read<Ident> {
    eat_column_word(reader);
    reader.name(COLUMN)
}

fn eat_column_word(reader: &mut Reader) {
    reader.eat_word("COLUMN");
}

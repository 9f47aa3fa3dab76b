//! What a column's and a table's constraints share: REFERENCES, when it is checked, ON CONFLICT. (sqlite.org/foreignkeys.html,
//! syntax/foreign-key-clause.html, lang_conflict.html.)

use schema::{Deferral, ForeignKeyAction};

use super::keys;
use super::reader::{Read, Reader};
use crate::sql::statement::{QName, References};

/// From the table's name on. MATCH is taken and means nothing to SQLite, whatever it says.
pub(super) fn references(reader: &mut Reader) -> Read<References> {
    let table = QName { namespace: None, name: reader.name("a table name")? };
    let columns = if reader.is_symbol(b'(') { keys::columns(reader)? } else { Vec::new() };
    let mut references = References {
        table,
        columns,
        on_delete: ForeignKeyAction::NoAction,
        on_update: ForeignKeyAction::NoAction,
        match_full: false,
        deferral: Deferral::Immediate,
    };
    loop {
        if reader.eat_words(&["ON", "DELETE"]) {
            references.on_delete = action(reader)?;
        } else if reader.eat_words(&["ON", "UPDATE"]) {
            references.on_update = action(reader)?;
        } else if reader.eat_words(&["ON", "INSERT"]) {
            action(reader)?;
        } else if reader.eat_word("MATCH") {
            reader.name("a word behind MATCH")?;
        } else {
            break;
        }
    }
    references.deferral = deferral(reader)?.unwrap_or_default();
    Ok(references)
}

fn action(reader: &mut Reader) -> Read<ForeignKeyAction> {
    let actions: [(&[&str], ForeignKeyAction); 5] = [
        (&["CASCADE"], ForeignKeyAction::Cascade),
        (&["NO", "ACTION"], ForeignKeyAction::NoAction),
        (&["SET", "NULL"], ForeignKeyAction::SetNull),
        (&["SET", "DEFAULT"], ForeignKeyAction::SetDefault),
        (&["RESTRICT"], ForeignKeyAction::Restrict),
    ];
    let found = actions.into_iter().find(|(words, _)| reader.eat_words(words));
    found.map(|(_, action)| action).ok_or_else(|| reader.stop("CASCADE, RESTRICT, SET NULL, SET DEFAULT or NO ACTION"))
}

/// `[NOT] DEFERRABLE [INITIALLY …]`; None where it is not said.
pub(super) fn deferral(reader: &mut Reader) -> Read<Option<Deferral>> {
    let is_not = reader.eat_words(&["NOT", "DEFERRABLE"]);
    if !is_not && !reader.eat_word("DEFERRABLE") {
        return Ok(None);
    }
    let mut is_deferred = false;
    if reader.eat_word("INITIALLY") {
        is_deferred = reader.eat_word("DEFERRED");
        if !is_deferred {
            reader.expect_word("IMMEDIATE")?;
        }
    }
    Ok(Some(match (is_not, is_deferred) {
        (true, _) => Deferral::Immediate,
        (false, true) => Deferral::Deferred,
        (false, false) => Deferral::Deferrable,
    }))
}

/// `ON CONFLICT …` says what a write does, which no schema compares.
pub(super) fn skip_on_conflict(reader: &mut Reader) -> Read<()> {
    if !reader.eat_words(&["ON", "CONFLICT"]) {
        return Ok(());
    }
    let words = ["ROLLBACK", "ABORT", "FAIL", "IGNORE", "REPLACE"];
    if words.iter().any(|word| reader.eat_word(word)) { Ok(()) } else { Err(reader.stop(&words.join(", "))) }
}

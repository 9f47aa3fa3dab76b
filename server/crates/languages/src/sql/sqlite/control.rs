//! Transactions and PRAGMA. (sqlite.org/lang_transaction.html, lang_savepoint.html, pragma.html.)

use super::reader::{Read, Reader};
use crate::sql::statement::{Kind, Transaction};

/// `CONCURRENT` is of SQLite's own branch, `READONLY` of libSQL.
const MODES: [&str; 5] = ["DEFERRED", "IMMEDIATE", "EXCLUSIVE", "CONCURRENT", "READONLY"];

pub(super) fn begin(reader: &mut Reader) -> Read<Kind> {
    reader.expect_word("BEGIN")?;
    MODES.iter().any(|mode| reader.eat_word(mode));
    transaction_name(reader)?;
    Ok(Kind::Transaction(Transaction::Begin))
}

/// `COMMIT` or `END`.
pub(super) fn commit(reader: &mut Reader) -> Read<Kind> {
    reader.next();
    transaction_name(reader)?;
    Ok(Kind::Transaction(Transaction::Commit))
}

/// The whole transaction, or what happened since a savepoint.
pub(super) fn rollback(reader: &mut Reader) -> Read<Kind> {
    reader.expect_word("ROLLBACK")?;
    transaction_name(reader)?;
    if !reader.eat_word("TO") {
        return Ok(Kind::Transaction(Transaction::Rollback));
    }
    savepoint_name(reader)
}

/// `SAVEPOINT` or `RELEASE`.
pub(super) fn savepoint(reader: &mut Reader) -> Read<Kind> {
    if !reader.eat_word("RELEASE") {
        reader.expect_word("SAVEPOINT")?;
        reader.name("a savepoint's name")?;
        return Ok(Kind::Transaction(Transaction::Other));
    }
    savepoint_name(reader)
}

/// The name in lower case: case never counts.
pub(super) fn pragma(reader: &mut Reader) -> Read<Kind> {
    reader.expect_word("PRAGMA")?;
    let name = reader.qname("a pragma's name")?.name.text.to_ascii_lowercase();
    reader.take_rest();
    Ok(Kind::Pragma { name })
}

/// SQLite takes a name for a transaction and does nothing with it.
fn transaction_name(reader: &mut Reader) -> Read<()> {
    if reader.eat_word("TRANSACTION") && reader.peek().is_some() && !reader.is_word("TO") {
        reader.name("a transaction's name")?;
    }
    Ok(())
}

fn savepoint_name(reader: &mut Reader) -> Read<Kind> {
    reader.eat_word("SAVEPOINT");
    reader.name("a savepoint's name")?;
    Ok(Kind::Transaction(Transaction::Other))
}

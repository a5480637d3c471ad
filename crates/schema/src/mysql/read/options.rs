//! What follows the parentheses of `CREATE TABLE`.

use xtask_db_sql::Syntax;

use super::{Pieces, Unread, decoded};
use crate::mysql::Table;

/// Data, or read from the catalog instead.
const LEFT_OUT: [&str; 4] = ["AUTO_INCREMENT", "DEFAULT CHARSET", "CHARSET", "COLLATE"];

/// They mean nothing to other engines, and once set the server never takes them away.
const OF_ARIA: [&str; 2] = ["PAGE_CHECKSUM", "TRANSACTIONAL"];

/// Options, system versioning, partitions.
pub(super) fn read(
    mut pieces: Pieces<'_>,
    syntax: Syntax,
    table: &mut Table,
) -> Result<(), Unread> {
    while let Some(piece) = pieces.peek() {
        if pieces.eat(&["WITH", "SYSTEM", "VERSIONING"]) {
            table.versioned = true;
        } else if piece.is("PARTITION") {
            table.partitioning = Some(pieces.rest().to_owned());
            break;
        } else {
            let (name, value) = option(&mut pieces)?;
            if name == "COMMENT" {
                table.comment = Some(decoded(&value, syntax));
            }
            if !LEFT_OUT.contains(&name.as_str()) {
                table.options.insert(name, value);
            }
        }
    }
    if table.options.get("ENGINE").is_none_or(|engine| engine != "Aria") {
        OF_ARIA.iter().for_each(|option| drop(table.options.remove(*option)));
    }
    // Printed or not, it is Aria's default.
    if table.options.get("PAGE_CHECKSUM").is_some_and(|value| value == "1") {
        table.options.remove("PAGE_CHECKSUM");
    }
    Ok(())
}

/// `ENGINE=InnoDB`, `` `page_compressed`='1' ``, `UNION=(a,b)`; without a sign `` TABLESPACE `a` ``.
fn option(pieces: &mut Pieces<'_>) -> Result<(String, String), Unread> {
    let mut name = String::new();
    while let Some(piece) = pieces.next() {
        match piece.is_name() {
            true => name.push_str(piece.text),
            false => name.push_str(&piece.text.to_ascii_uppercase()),
        }
        if name == "TABLESPACE" || pieces.eat_symbol("=") {
            return Ok((name, value(pieces)?));
        }
        name.push(' ');
    }
    Err(pieces.unread())
}

fn value(pieces: &mut Pieces<'_>) -> Result<String, Unread> {
    if pieces.peek().is_some_and(|piece| piece.is_symbol("(")) {
        return Ok(format!("({})", pieces.inside()?));
    }
    let value = pieces.next().ok_or_else(|| pieces.unread())?;
    Ok(value.text.to_owned())
}

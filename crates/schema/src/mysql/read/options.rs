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
            let (text, started) = without_start(pieces.rest());
            table.partitioning = Some(text);
            table.left_out.extend(started.then(|| "start of partitions".to_owned()));
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

/// Partitions of versions start on the day on which the table was made, unless told otherwise; the
/// text does not say which.
fn without_start(text: &str) -> (String, bool) {
    const START: &str = " STARTS TIMESTAMP'";
    let found = text.find(START).filter(|_| text.starts_with("PARTITION BY SYSTEM_TIME"));
    let Some(start) = found else { return (text.to_owned(), false) };
    let rest = &text[start + START.len()..];
    let rest = rest.split_once('\'').map_or("", |(_, rest)| rest);
    (format!("{}{rest}", &text[..start]), true)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_of_a_table_is_left_out() {
        let check = |text, expected, started| {
            assert_eq!(without_start(text), (String::from(expected), started));
        };
        check(
            "PARTITION BY SYSTEM_TIME INTERVAL 1 MONTH STARTS TIMESTAMP'2026-01-01 00:00:00' AUTO",
            "PARTITION BY SYSTEM_TIME INTERVAL 1 MONTH AUTO",
            true,
        );
        let others = "PARTITION BY HASH (`a`)";
        check(others, others, false);
    }
}

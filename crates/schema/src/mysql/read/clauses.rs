//! Keys, constraints and periods of `CREATE TABLE`.

use super::{Pieces, Unread, unquoted};
use crate::mysql::{Check, ForeignKey, Key, KeyKind, Period, Table};

/// Words by which an index is left out of plans, MariaDB's and MySQL's.
const HIDDEN: [&str; 2] = ["IGNORED", "INVISIBLE"];

/// Adds one clause that is no column.
pub(super) fn read(mut pieces: Pieces<'_>, table: &mut Table) -> Result<(), Unread> {
    if pieces.eat(&["PERIOD", "FOR"]) {
        let (name, columns) = (pieces.name()?, names(&mut pieces)?);
        table.periods.push(Period { name, columns });
        return done(&pieces);
    }
    if pieces.eat(&["CONSTRAINT"]) {
        let name = pieces.name()?;
        if pieces.eat(&["CHECK"]) {
            let condition = pieces.inside()?.to_owned();
            table.checks.push(Check { name, condition, options: pieces.rest().to_owned() });
            return Ok(());
        }
        pieces.expect(&["FOREIGN", "KEY"])?;
        table.foreign_keys.push(foreign_key(name, &mut pieces)?);
        return Ok(());
    }
    table.keys.push(key(pieces)?);
    Ok(())
}

fn foreign_key(name: String, pieces: &mut Pieces<'_>) -> Result<ForeignKey, Unread> {
    let columns = names(pieces)?;
    pieces.expect(&["REFERENCES"])?;
    let mut table = pieces.name()?;
    let mut schema = None;
    if pieces.eat_symbol(".") {
        schema = Some(std::mem::replace(&mut table, pieces.name()?));
    }
    let referenced = names(pieces)?;
    Ok(ForeignKey { name, columns, schema, table, referenced, actions: pieces.rest().to_owned() })
}

fn key(mut pieces: Pieces<'_>) -> Result<Key, Unread> {
    let kind = if pieces.eat(&["PRIMARY"]) {
        KeyKind::Primary
    } else if pieces.eat(&["UNIQUE"]) {
        KeyKind::Unique
    } else if pieces.peek().is_some_and(|piece| piece.is("KEY")) {
        KeyKind::Plain
    } else {
        KeyKind::Special(pieces.name()?)
    };
    pieces.expect(&["KEY"])?;
    let name = if kind == KeyKind::Primary { "PRIMARY".to_owned() } else { pieces.name()? };
    let mut inside = pieces.clone();
    let parts = pieces.inside()?.to_owned();
    let mut key = Key {
        name,
        kind,
        parts,
        columns: Vec::new(),
        whole: true,
        options: String::new(),
        hidden: false,
    };
    part_columns(inside.group()?, &mut key);
    let mut options = Vec::new();
    while let Some(piece) = pieces.next() {
        match HIDDEN.iter().any(|word| piece.is(word)) {
            true => key.hidden = true,
            false => options.push(piece.text),
        }
    }
    // `KEY_BLOCK_SIZE=8` in three tokens
    key.options = options.join(" ").replace(" = ", "=");
    Ok(key)
}

fn part_columns(parts: Vec<Pieces<'_>>, key: &mut Key) {
    let mut plain = true;
    for mut part in parts {
        match part.next().filter(|piece| piece.is_name()) {
            Some(piece) if plain => key.columns.push(unquoted(piece.text)),
            Some(_) => {}
            None => (plain, key.whole) = (false, false),
        }
        // `DESC` leaves it whole, a length or `WITHOUT OVERLAPS` does not
        key.whole &= part.is_done() || part.eat(&["DESC"]);
    }
}

fn names(pieces: &mut Pieces<'_>) -> Result<Vec<String>, Unread> {
    pieces.group()?.into_iter().map(|mut part| part.name()).collect()
}

fn done(pieces: &Pieces<'_>) -> Result<(), Unread> {
    if pieces.is_done() { Ok(()) } else { Err(pieces.unread()) }
}

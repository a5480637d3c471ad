//! One column of `CREATE TABLE`.

use xtask_db_sql::{Syntax, TokenKind};

use super::{Pieces, Unread, decoded};
use crate::mysql::{Column, Generated};

/// Words that belong to the type before them.
const OF_TYPE: [&str; 6] = ["UNSIGNED", "SIGNED", "ZEROFILL", "PRECISION", "VARYING", "COMPRESSED"];

/// Attributes that are their words.
const FLAGS: [&[&str]; 5] = [
    &["WITHOUT", "SYSTEM", "VERSIONING"],
    &["WITH", "SYSTEM", "VERSIONING"],
    &["NULL"],
    &["INVISIBLE"],
    &["VISIBLE"],
];
/// Attributes with one value.
const VALUES: [&str; 6] = [
    "SRID",
    "REF_SYSTEM_ID",
    "STORAGE",
    "COLUMN_FORMAT",
    "ENGINE_ATTRIBUTE",
    "SECONDARY_ENGINE_ATTRIBUTE",
];

/// The clause without what it says of character set and collation.
pub(super) fn read(mut pieces: Pieces<'_>, syntax: Syntax) -> Result<Column, Unread> {
    let mut column = Column { name: pieces.name()?, nullable: true, ..Column::default() };
    column.data_type = data_type(&mut pieces)?;
    let mut attributes = Vec::new();
    while !pieces.is_done() {
        if pieces.eat(&["CHARACTER", "SET"]) || pieces.eat(&["COLLATE"]) {
            pieces.name()?;
            continue;
        }
        let start = pieces.place();
        attribute(&mut pieces, &mut column, syntax)?;
        attributes.push(pieces.between(start, pieces.place()));
    }
    column.attributes = attributes.join(" ");
    Ok(column)
}

fn data_type(pieces: &mut Pieces<'_>) -> Result<String, Unread> {
    let start = pieces.place();
    pieces.name()?;
    loop {
        let follows = pieces.peek();
        if follows.is_some_and(|piece| piece.is_symbol("(")) {
            pieces.group()?;
        } else if !OF_TYPE.iter().any(|word| pieces.eat(&[word])) {
            return Ok(pieces.between(start, pieces.place()).to_owned());
        }
    }
}

/// One attribute; those that nobody here asks for are passed with what belongs to them.
fn attribute(pieces: &mut Pieces<'_>, column: &mut Column, syntax: Syntax) -> Result<(), Unread> {
    if pieces.eat(&["NOT", "NULL"]) {
        column.nullable = false;
    } else if pieces.eat(&["DEFAULT"]) {
        let default = expression(pieces)?;
        column.default = (!default.eq_ignore_ascii_case("NULL")).then(|| default.to_owned());
    } else if pieces.eat(&["ON", "UPDATE"]) {
        expression(pieces)?;
    } else if pieces.eat(&["AUTO_INCREMENT"]) {
        column.auto_increment = true;
    } else if pieces.eat(&["GENERATED", "ALWAYS", "AS"]) {
        column.generated = Some(generated(pieces)?);
    } else if pieces.eat(&["COMMENT"]) {
        let text = pieces.next().filter(|piece| piece.kind == TokenKind::String);
        column.comment = Some(decoded(text.ok_or_else(|| pieces.unread())?.text, syntax));
    } else if pieces.eat(&["CHECK"]) {
        pieces.group()?;
    } else if FLAGS.iter().any(|words| pieces.eat(words)) {
        return Ok(());
    } else if VALUES.iter().any(|word| pieces.eat(&[word])) {
        pieces.eat_symbol("=");
        pieces.next().ok_or_else(|| pieces.unread())?;
    } else if pieces.peek().is_some_and(|piece| piece.is_name()) {
        // an attribute of a storage engine: `name`=value
        pieces.next();
        pieces.eat_symbol("=");
        pieces.next().ok_or_else(|| pieces.unread())?;
    } else {
        return Err(pieces.unread());
    }
    Ok(())
}

/// A value: a sign and a literal, `current_timestamp(3)`, `uuid()`, `(1 + 2)`, `nextval(`a`.`b`)`.
fn expression<'a>(pieces: &mut Pieces<'a>) -> Result<&'a str, Unread> {
    let start = pieces.place();
    if pieces.peek().is_some_and(|piece| piece.is_symbol("(")) {
        pieces.group()?;
    } else {
        let _ = pieces.eat_symbol("-") || pieces.eat_symbol("+");
        let value = pieces.next().ok_or_else(|| pieces.unread())?;
        let word = matches!(value.kind, TokenKind::Word | TokenKind::QuotedIdent);
        if word && value.text.starts_with('_') {
            // _utf8mb4 'text', in two tokens when a blank stands between
            let string = pieces.peek().is_some_and(|piece| piece.kind == TokenKind::String);
            if string {
                pieces.next();
            }
        }
        while word && pieces.eat_symbol(".") {
            pieces.name()?;
        }
        if word && pieces.peek().is_some_and(|piece| piece.is_symbol("(")) {
            pieces.group()?;
        }
    }
    Ok(pieces.between(start, pieces.place()))
}

fn generated(pieces: &mut Pieces<'_>) -> Result<Generated, Unread> {
    if pieces.eat(&["ROW", "START"]) || pieces.eat(&["ROW", "END"]) {
        return Ok(Generated::Row);
    }
    pieces.group()?;
    if pieces.eat(&["STORED"]) || pieces.eat(&["PERSISTENT"]) {
        return Ok(Generated::Stored);
    }
    pieces.eat(&["VIRTUAL"]);
    Ok(Generated::Virtual)
}

//! Constraints of a table, and what a foreign key refers to.

use super::expr::expr;
use super::{Constraint, ConstraintKind, Cursor, Reference};

/// A constraint, if one comes: with `CONSTRAINT name` or without. Reads up to a comma or the end.
pub(super) fn constraint(cursor: &mut Cursor<'_, '_>) -> Option<Constraint> {
    let start = cursor.clone();
    let named = cursor.eat("CONSTRAINT");
    let name = if named && !is_kind(cursor) { cursor.ident() } else { None };
    cursor.if_exists();
    let Some((kind, columns)) = kind(cursor) else {
        *cursor = start;
        return None;
    };
    let behind = cursor.clone();
    cursor.pass_to_comma();
    let mut rest = Cursor::new(cursor.since(&behind), cursor.dialect);
    let (mut not_valid, mut not_enforced) = (false, false);
    while !rest.at_end() {
        if rest.eat("NOT VALID") {
            not_valid = true;
        } else if rest.eat("NOT ENFORCED") {
            not_enforced = true;
        } else {
            rest.pass();
        }
    }
    let span = cursor.span_since(&start);
    Some(Constraint { name, kind, columns, span, not_valid, not_enforced })
}

fn is_kind(cursor: &Cursor<'_, '_>) -> bool {
    cursor.is_one(&["PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "EXCLUDE"])
}

fn kind(cursor: &mut Cursor<'_, '_>) -> Option<(ConstraintKind, Vec<String>)> {
    if cursor.eat("PRIMARY KEY") {
        let (columns, using_index) = keys(cursor);
        return Some((ConstraintKind::PrimaryKey { using_index }, columns));
    }
    if cursor.eat("UNIQUE") {
        let (columns, using_index) = keys(cursor);
        return Some((ConstraintKind::Unique { using_index }, columns));
    }
    if cursor.eat("FOREIGN KEY") {
        cursor.if_exists();
        if !cursor.is_symbol("(") {
            cursor.part(); // MySQL: the name of its index
        }
        let columns = cursor.column_list();
        let to = if cursor.eat("REFERENCES") { reference(cursor)? } else { return None };
        return Some((ConstraintKind::ForeignKey(to), columns));
    }
    if cursor.is("CHECK") {
        cursor.next();
        let inside = cursor.group()?;
        return Some((ConstraintKind::Check(expr(&inside)), Vec::new()));
    }
    if cursor.eat("EXCLUDE") {
        return Some((ConstraintKind::Exclude, Vec::new()));
    }
    if cursor.eat("NOT NULL") {
        let column = cursor.ident()?;
        return Some((ConstraintKind::NotNull, vec![column]));
    }
    None
}

/// `[INDEX|KEY] [name] [USING BTREE] (a, b)`, `USING INDEX name`.
fn keys(cursor: &mut Cursor<'_, '_>) -> (Vec<String>, Option<String>) {
    cursor.eat_any(&["INDEX", "KEY", "CLUSTERED", "NULLS NOT DISTINCT", "NULLS DISTINCT"]);
    if cursor.eat("USING INDEX") {
        return (Vec::new(), cursor.ident());
    }
    if !cursor.is_symbol("(") && !cursor.is("USING") {
        cursor.part();
    }
    if cursor.eat("USING") {
        cursor.part();
    }
    (cursor.column_list(), None)
}

/// Behind `REFERENCES`: `table [(columns)]`.
pub(super) fn reference(cursor: &mut Cursor<'_, '_>) -> Option<Reference> {
    let table = cursor.name()?;
    let columns = cursor.column_list();
    // actions have words that begin attributes: `ON DELETE SET NULL`, `SET DEFAULT`
    while cursor.eat_one(&["ON DELETE", "ON UPDATE"]).is_some() {
        let actions = ["CASCADE", "RESTRICT", "NO ACTION", "SET NULL", "SET DEFAULT"];
        cursor.eat_one(&actions);
        cursor.group();
    }
    Some(Reference { table, columns })
}

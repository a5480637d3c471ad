//! `INSERT`, `UPDATE`, `DELETE`, and those inside `WITH`.

use super::expr::{expr, of_tokens};
use super::{Cursor, Filter, Insert, Kind, Source, Tok, Write, Writes};
use crate::name::Name;

const VERBS: [&str; 4] = ["INSERT", "REPLACE", "UPDATE", "DELETE"];

/// A statement that writes, from its first word; none when it does not.
pub(super) fn write(cursor: &mut Cursor<'_, '_>) -> Option<Kind> {
    let mut writes = Vec::new();
    if cursor.eat("WITH") {
        cursor.eat("RECURSIVE");
        while !cursor.at_end() && !cursor.is_one(&VERBS) && !cursor.is("SELECT") {
            if let Some(mut inside) = cursor.group() {
                writes.extend(one(&mut inside));
            } else {
                cursor.next();
            }
        }
    }
    writes.extend(one(cursor));
    (!writes.is_empty()).then_some(Kind::Write(writes))
}

fn one(cursor: &mut Cursor<'_, '_>) -> Option<Write> {
    let start = cursor.clone();
    let verb = cursor.eat_one(&VERBS)?;
    let (table, does) = match verb {
        "UPDATE" => update(cursor)?,
        "DELETE" => delete(cursor)?,
        verb => insert(cursor, verb == "REPLACE")?,
    };
    let mut end = start.clone();
    while !end.at_end() {
        end.next();
    }
    Some(Write { span: end.span_since(&start), table, does })
}

fn update(cursor: &mut Cursor<'_, '_>) -> Option<(Name, Writes)> {
    if cursor.eat("OR") {
        cursor.next();
    }
    cursor.eat_any(&["LOW_PRIORITY", "IGNORE", "ONLY"]);
    let table = cursor.name()?;
    let before = cursor.until(&["SET"]);
    let joined = before.rest().iter().any(|token| token.is("JOIN") || token.is_symbol(","));
    cursor.eat("SET");
    let assigned = cursor.until(&["FROM", "WHERE", "RETURNING", "ORDER", "LIMIT"]);
    let set = assigned.split().into_iter().filter_map(assignment).collect();
    Some((table, Writes::Update { set, filter: filter(cursor, joined) }))
}

/// `column = expression`; of `(a, b) = (…)` nothing is known.
fn assignment(mut part: Cursor<'_, '_>) -> Option<(String, super::Expr)> {
    let mut column = part.ident()?;
    while part.eat_symbol(".") {
        column = part.ident()?;
    }
    part.eat_symbol("=").then(|| (column, expr(&part)))
}

fn delete(cursor: &mut Cursor<'_, '_>) -> Option<(Name, Writes)> {
    cursor.eat_any(&["LOW_PRIORITY", "QUICK", "IGNORE"]);
    // MySQL: `DELETE a, b FROM a JOIN b`
    let several = !cursor.is("FROM");
    if several {
        cursor.until(&["FROM"]);
    }
    cursor.eat("FROM");
    cursor.eat("ONLY");
    let table = cursor.name()?;
    let rest = cursor.clone().until(&["WHERE"]);
    let joined = rest.rest().iter().any(|token| token.is("JOIN"));
    Some((table, Writes::Delete { filter: filter(cursor, joined) }))
}

/// From behind the assignments or the table: the rows that are meant.
fn filter(cursor: &mut Cursor<'_, '_>, joined: bool) -> Filter {
    let mut condition = None;
    let mut limited = joined;
    while let Some(word) = cursor.seek(&["WHERE", "LIMIT"]) {
        if word == "LIMIT" {
            limited = true;
        } else {
            let found = cursor.until(&["RETURNING", "ORDER", "LIMIT"]);
            condition = Some(of_tokens(found.rest(), cursor.dialect));
        }
    }
    match condition {
        _ if limited => Filter::Joined,
        Some(condition) if !is_always(&condition.text) => Filter::Where(condition),
        _ => Filter::All,
    }
}

fn is_always(condition: &str) -> bool {
    let text = condition.to_ascii_lowercase().replace(' ', "");
    ["true", "1", "1=1", "(1=1)"].contains(&text.as_str())
}

fn insert(cursor: &mut Cursor<'_, '_>, replace: bool) -> Option<(Name, Writes)> {
    let mut again = replace;
    if cursor.eat("OR") {
        again |= cursor.eat("IGNORE") || cursor.eat("REPLACE");
    }
    again |= cursor.eat("IGNORE");
    cursor.eat_any(&["LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "INTO", "IGNORE"]);
    let table = cursor.name()?;
    if cursor.eat("AS") {
        cursor.part();
    }
    let listed = cursor.is_symbol("(") && !is_query(cursor);
    let columns = listed.then(|| cursor.column_list());
    cursor.eat("OVERRIDING");
    cursor.eat_any(&["SYSTEM", "USER", "VALUE"]);
    again |= runs_again(cursor.rest());
    let mut body = if is_query(cursor) { cursor.group()? } else { cursor.clone() };
    let source =
        if body.is_one(&["SELECT", "WITH", "TABLE"]) { query(&mut body) } else { Source::Values };
    Some((table, Writes::Insert(Insert { columns, source, again })))
}

fn is_query(cursor: &Cursor<'_, '_>) -> bool {
    cursor.is_symbol("(")
        && cursor.peek(1).is_some_and(|token| token.is("SELECT") || token.is("WITH"))
}

fn runs_again(toks: &[Tok<'_>]) -> bool {
    toks.windows(2).any(|pair| {
        (pair[0].is("ON") && (pair[1].is("CONFLICT") || pair[1].is("DUPLICATE")))
            || (pair[0].is("NOT") && (pair[1].is("EXISTS") || pair[1].is("IN")))
            || pair[0].is("EXCEPT")
    })
}

fn query(body: &mut Cursor<'_, '_>) -> Source {
    body.seek(&["SELECT"]);
    let star = body.is_symbol("*");
    let from = body.seek(&["FROM"]).and_then(|_| body.name());
    let filtered = body.seek(&["WHERE", "LIMIT"]).is_some();
    Source::Query { star, from, filtered }
}

//! The safe forms of constraints on PostgreSQL, as edits: first without looking at the rows, then
//! looking at them while others go on. The steps commit one after another, so the file gets
//! transactions of its own.

use xtask_db_sql::{Dialect, Span, ident};

use crate::read::{Constraint, ConstraintKind, Does, Kind, Statement};
use crate::scene::Scene;
use crate::{Edit, Fix, Name};

/// Adds the constraint `NOT VALID` in one transaction and validates it after. None where the
/// statement does more than that, or others in the file belong together with it.
pub(crate) fn validate_later(
    scene: &Scene<'_>,
    statement: &Statement,
    table: &Name,
    constraint: &Constraint,
) -> Option<Fix> {
    if !stands_alone(scene, statement) {
        return None;
    }
    let mut edits = vec![insert(statement.span.start, "BEGIN;\n")];
    let name = match &constraint.name {
        Some(_) => written_name(scene, constraint)?.to_owned(),
        None => {
            let name = own_name(table, constraint)?;
            edits.push(insert(constraint.span.start, &format!("CONSTRAINT {name} ")));
            name
        }
    };
    let table = table_text(scene, statement)?;
    let after = format!(" NOT VALID;\nCOMMIT;\nALTER TABLE {table} VALIDATE CONSTRAINT {name}");
    edits.push(insert(statement.span.end, &after));
    Some(Fix { title: "add it NOT VALID, then validate it".to_owned(), edits })
}

/// The check, its validation, `SET NOT NULL` and the end of the check.
pub(crate) fn not_null_in_steps(
    scene: &Scene<'_>,
    statement: &Statement,
    table: &Name,
) -> Option<Fix> {
    if !stands_alone(scene, statement) {
        return None;
    }
    let shown = table_text(scene, statement)?;
    let column = written_column(scene, statement)?.replace(['\n', '\r'], " ");
    let own = own_part(table);
    let check = constraint_name(&format!("{own}_{}_not_null", plain(&column)))?;
    let before = format!(
        "BEGIN;\nALTER TABLE {shown} ADD CONSTRAINT {check} CHECK ({column} IS NOT NULL) NOT \
         VALID;\nCOMMIT;\nALTER TABLE {shown} VALIDATE CONSTRAINT {check};\nBEGIN;\n"
    );
    let after = format!(";\nALTER TABLE {shown} DROP CONSTRAINT {check};\nCOMMIT");
    let edits = vec![insert(statement.span.start, &before), insert(statement.span.end, &after)];
    Some(Fix { title: "check it first, then set it".to_owned(), edits })
}

/// One action, in a file whose statements each are such a change and nothing else.
fn stands_alone(scene: &Scene<'_>, statement: &Statement) -> bool {
    let single = statement.kind.actions().count() == 1;
    single && !scene.file.begins && scene.file.statements.iter().all(is_apart)
}

fn is_apart(statement: &Statement) -> bool {
    match &statement.kind {
        Kind::CreateIndex(_) | Kind::DropIndex(_) => true,
        Kind::AlterTable(alter) => alter.actions.iter().all(|action| {
            matches!(action.does, Does::Add(_) | Does::Validate(_) | Does::SetNotNull(_))
        }),
        _ => false,
    }
}

fn insert(at: usize, text: &str) -> Edit {
    Edit { span: Span { start: at, end: at }, text: text.to_owned() }
}

/// The table as the statement has it, quotes included.
fn table_text<'a>(scene: &Scene<'a>, statement: &Statement) -> Option<&'a str> {
    let tokens = scene.tokens(statement);
    let mut from = tokens.iter().position(|token| token.is("TABLE"))? + 1;
    while tokens.get(from).is_some_and(|token| ["IF", "EXISTS", "ONLY"].iter().any(|w| token.is(w)))
    {
        from += 1;
    }
    let mut to = from;
    while tokens.get(to + 1).is_some_and(|token| token.is_symbol(".")) {
        to += 2;
    }
    let span = Span { start: tokens.get(from)?.span.start, end: tokens.get(to)?.span.end };
    Some(scene.text(span))
}

/// The constraint's name as it is written.
fn written_name<'a>(scene: &Scene<'a>, constraint: &Constraint) -> Option<&'a str> {
    let (tokens, _) = crate::read::tokens(scene.file.text, constraint.span, scene.syntax);
    tokens.get(1).map(|token| scene.text(token.span))
}

/// The column of `ALTER [COLUMN] name SET NOT NULL` as it is written.
fn written_column<'a>(scene: &Scene<'a>, statement: &Statement) -> Option<&'a str> {
    let tokens = scene.tokens(statement);
    let set = tokens
        .windows(3)
        .position(|three| three[0].is("SET") && three[1].is("NOT") && three[2].is("NULL"))?;
    tokens.get(set.checked_sub(1)?).map(|token| scene.text(token.span))
}

/// The name that PostgreSQL would give it.
fn own_name(table: &Name, constraint: &Constraint) -> Option<String> {
    let own = own_part(table);
    let name = match &constraint.kind {
        ConstraintKind::ForeignKey(_) => format!("{own}_{}_fkey", constraint.columns.join("_")),
        ConstraintKind::Check(condition) => match condition.names.as_slice() {
            [column] => format!("{own}_{column}_check"),
            _ => format!("{own}_check"),
        },
        _ => return None,
    };
    constraint_name(&name)
}

fn own_part(table: &Name) -> &str {
    table.key().rsplit('.').next().unwrap_or_default()
}

fn plain(column: &str) -> String {
    column.trim_matches('"').to_owned()
}

/// A name that is not cut off by the server, quoted where it must be.
fn constraint_name(name: &str) -> Option<String> {
    const BYTES_MAX: usize = 63;
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    let bare = name.bytes().all(plain) && !name.starts_with(|c: char| c.is_ascii_digit());
    let quoted = || ident(Dialect::Postgres, name);
    (name.len() <= BYTES_MAX).then(|| if bare { name.to_owned() } else { quoted() })
}

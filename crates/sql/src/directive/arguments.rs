//! The arguments of each directive. A problem is a sentence for [`crate::SqlError::Directive`].

use super::DirectiveKind;

/// A directive's name and the reader of what follows it.
pub(super) struct Word {
    pub(super) name: &'static str,
    pub(super) arguments: fn(&str) -> Result<DirectiveKind, String>,
}

pub(super) const WORDS: &[Word] = &[
    Word { name: "no-transaction", arguments: no_transaction },
    Word { name: "allow", arguments: allow },
    Word { name: "irreversible", arguments: irreversible },
    Word { name: "after-backfill", arguments: after_backfill },
    Word { name: "batch", arguments: batch },
    Word { name: "renamed-from", arguments: renamed_from },
];

fn no_transaction(rest: &str) -> Result<DirectiveKind, String> {
    if rest.is_empty() {
        Ok(DirectiveKind::NoTransaction)
    } else {
        Err(format!("no-transaction takes no argument, found {rest}"))
    }
}

fn allow(rest: &str) -> Result<DirectiveKind, String> {
    let form = "allow is written allow RULE reason=\"why\"";
    let (rule, rest) = rest.split_once(char::is_whitespace).ok_or(form)?;
    let reason = reason(rest.trim_start()).ok_or(form)?;
    if rule.contains(['=', '"']) {
        return Err(form.to_owned());
    }
    if reason.trim().is_empty() {
        return Err(format!("allow {rule} needs a reason that says why"));
    }
    Ok(DirectiveKind::Allow { rule: rule.to_owned(), reason: reason.to_owned() })
}

fn irreversible(rest: &str) -> Result<DirectiveKind, String> {
    let reason = if rest.is_empty() {
        ""
    } else {
        reason(rest).ok_or("irreversible is written irreversible reason=\"why\"")?
    };
    Ok(DirectiveKind::Irreversible { reason: reason.to_owned() })
}

fn after_backfill(rest: &str) -> Result<DirectiveKind, String> {
    // ids may have spaces: the id is the rest of the line
    if rest.is_empty() {
        return Err("after-backfill needs the id of a migration".to_owned());
    }
    Ok(DirectiveKind::AfterBackfill { id: rest.to_owned() })
}

fn batch(rest: &str) -> Result<DirectiveKind, String> {
    let form = "batch is written batch table(column) rows";
    let open = outside_quotes(rest, '(').ok_or(form)?;
    let close = open + outside_quotes(&rest[open..], ')').ok_or(form)?;
    let table = rest[..open].trim();
    let column = rest[open + 1..close].trim();
    let rows = rest[close + 1..].trim();
    if table.is_empty() || column.is_empty() || rows.is_empty() {
        return Err(form.to_owned());
    }
    match rows.replace('_', "").parse() {
        Ok(rows) if rows > 0 => {
            Ok(DirectiveKind::Batch { table: table.to_owned(), column: column.to_owned(), rows })
        }
        _ => Err(format!("{rows} is not a number of rows; {form}")),
    }
}

fn renamed_from(rest: &str) -> Result<DirectiveKind, String> {
    if rest.is_empty() {
        return Err("renamed-from needs the old name".to_owned());
    }
    Ok(DirectiveKind::RenamedFrom { name: rest.to_owned() })
}

/// The text in `reason="…"`, with nothing behind it.
fn reason(rest: &str) -> Option<&str> {
    let quoted = rest.strip_prefix("reason")?.trim_start().strip_prefix('=')?.trim_start();
    let reason = quoted.strip_prefix('"')?.strip_suffix('"')?;
    (!reason.contains('"')).then_some(reason)
}

/// The first `wanted` that is not part of a quoted name.
fn outside_quotes(text: &str, wanted: char) -> Option<usize> {
    let mut quote = None;
    text.char_indices().find_map(|(at, c)| match quote {
        Some(open) => {
            if c == open {
                quote = None;
            }
            None
        }
        None if matches!(c, '"' | '`') => {
            quote = Some(c);
            None
        }
        None => (c == wanted).then_some(at),
    })
}

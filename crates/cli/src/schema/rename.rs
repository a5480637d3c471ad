//! Renames: told with a flag or in the schema's text, or asked.

use clap::Args;
use xtask_db_engine::{Draft, Observer};
use xtask_db_schema::{Catalog, Guess, Rename, RenameKind};
use xtask_db_sql::Syntax;

use super::{Declared, named};
use crate::context::Context;
use crate::fault::Fault;

/// What is said of renames.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct RenameArgs {
    /// It has a new name: TABLE.OLD=NEW for a column, OLD=NEW for a table
    #[arg(long, value_name = "[TABLE.]OLD=NEW")]
    pub(crate) rename: Vec<String>,
    /// Nothing else was renamed: what is gone is dropped, with its values
    #[arg(long)]
    pub(crate) no_rename: bool,
    /// What is told and fits nothing is told of something else.
    #[arg(skip)]
    pub(super) loose: bool,
}

impl RenameArgs {
    /// The renames that were told, by flag or in the schema's text.
    pub(crate) fn told(
        &self,
        declared: Option<(&Declared, Syntax)>,
        from: &Catalog,
        to: &Catalog,
    ) -> Result<Vec<Rename>, Fault> {
        let mut told = match declared {
            Some((declared, syntax)) => named::in_text(declared, syntax, from, to)?,
            None => Vec::new(),
        };
        let mut flags: Vec<named::Flag> = Vec::new();
        for text in &self.rename {
            flags.push(named::Flag::parse(text).ok_or_else(|| Fault::Rename {
                text: text.clone(),
                problem: "it is written OLD=NEW, or TABLE.OLD=NEW for a column".to_owned(),
            })?);
        }
        // Tables first: a column may be told under its table's new name.
        flags.sort_by_key(named::Flag::depth);
        for flag in flags {
            let rename = flag
                .resolve(from, to, &told)
                .map_err(|problem| Fault::Rename { text: flag.text.clone(), problem })?;
            if !told.contains(&rename) {
                told.push(rename);
            }
        }
        Ok(told)
    }

    /// Runs on the shadow what is told and what is answered. Where nobody can be asked, an open
    /// guess is refused.
    pub(crate) async fn settle(
        &self,
        context: &Context,
        declared: Option<(&Declared, Syntax)>,
        draft: &mut Draft,
        observer: &mut dyn Observer,
    ) -> Result<(), Fault> {
        let told = self.told(declared, draft.now(), draft.to())?;
        if !told.is_empty() {
            draft.rename(told, observer).await?;
        }
        let mut declined: Vec<Rename> = Vec::new();
        while !self.no_rename {
            let guesses = draft.guesses();
            let open: Vec<&Guess> =
                guesses.iter().filter(|guess| !declined.contains(&guess.rename)).collect();
            let Some(group) = first_group(&open) else { break };
            if !context.interactive {
                let guesses = open.into_iter().cloned().collect();
                return Err(Fault::RenameOpen { guesses });
            }
            match ask(context, &group)? {
                Some(rename) => draft.rename(vec![rename], observer).await?,
                None => declined.extend(group),
            }
        }
        Ok(())
    }
}

/// The new names that one old one may have, tables first, the likeliest first.
fn first_group(open: &[&Guess]) -> Option<Vec<Rename>> {
    let tables = open.iter().find(|guess| guess.rename.kind == RenameKind::Table);
    let first = &tables.or(open.first())?.rename;
    let same = |rename: &Rename| {
        (rename.kind, &rename.schema, &rename.parent, &rename.from)
            == (first.kind, &first.schema, &first.parent, &first.from)
    };
    Some(open.iter().map(|guess| guess.rename.clone()).filter(same).collect())
}

fn ask(context: &Context, group: &[Rename]) -> Result<Option<Rename>, Fault> {
    let Some(first) = group.first() else { return Ok(None) };
    let kind = word(first.kind);
    let old = full(first, &first.from);
    let question = match group {
        [one] => format!("{old} is gone and {} is new. Is it the same {kind}?", full(one, &one.to)),
        _ => format!("{old} is gone. Has the {kind} a new name?"),
    };
    let with = if keeps_values(first.kind) { " with its values" } else { "" };
    let mut answers: Vec<(Option<Rename>, String)> = group
        .iter()
        .map(|rename| (Some(rename.clone()), format!("yes, it is {} now", rename.to)))
        .collect();
    answers.push((None, format!("no, drop {}{with}", first.from)));
    context.choose(&question, answers)
}

/// `users.email`.
pub(crate) fn full(rename: &Rename, name: &str) -> String {
    let parts = rename.schema.iter().chain(&rename.parent).map(String::as_str);
    parts.chain([name]).collect::<Vec<_>>().join(".")
}

/// What people call it.
pub(crate) const fn word(kind: RenameKind) -> &'static str {
    match kind {
        RenameKind::Table => "table",
        RenameKind::Column => "column",
        RenameKind::Type => "type",
        RenameKind::EnumValue => "enum value",
        RenameKind::Constraint => "constraint",
        RenameKind::Index => "index",
        RenameKind::View => "view",
        RenameKind::Sequence => "sequence",
    }
}

const fn keeps_values(kind: RenameKind) -> bool {
    matches!(kind, RenameKind::Table | RenameKind::Column | RenameKind::EnumValue)
}

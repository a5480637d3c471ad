//! Columns that number themselves.

use super::change::Site;
use super::name::{quote, text};
use super::{Identity, Member, Name, SequenceOptions, sequence, serial};
use crate::Step;

impl Identity {
    /// `ALWAYS AS IDENTITY (…)`
    pub(super) fn clause(&self, member: &Member) -> String {
        let kind = if self.always { "ALWAYS" } else { "BY DEFAULT" };
        let mut options = Vec::new();
        if self.sequence != serial::sequence_name(member) {
            options.push(format!("SEQUENCE NAME {}", self.sequence));
        }
        let usual = SequenceOptions::of(&self.options.type_name);
        options.extend(usual.changes(&self.options));
        match options.is_empty() {
            true => format!("{kind} AS IDENTITY"),
            false => format!("{kind} AS IDENTITY ({})", options.join(" ")),
        }
    }
}

/// The statements that lead from one identity of a column to another.
pub(super) fn change(
    site: &Site<'_>,
    member: &Member,
    from: Option<&Identity>,
    to: Option<&Identity>,
) -> Vec<Step> {
    let table = &member.of;
    let alter = |clause: String| {
        Step::new(format!("ALTER TABLE {table} ALTER COLUMN {} {clause}", quote(&member.name)))
    };
    match (from, to) {
        (None, None) => Vec::new(),
        (Some(_), None) => vec![alter("DROP IDENTITY".to_owned())],
        (None, Some(to)) => {
            let mut steps = vec![alter(format!("ADD GENERATED {}", to.clause(member)))];
            steps.extend(go_on(site, member, &to.sequence));
            steps
        }
        (Some(from), Some(to)) => between(from, to, alter),
    }
}

fn between(from: &Identity, to: &Identity, alter: impl Fn(String) -> Step) -> Vec<Step> {
    let mut steps = Vec::new();
    if from.sequence != to.sequence {
        steps.extend(renamed(&from.sequence, &to.sequence));
    }
    let mut clauses = Vec::new();
    if from.always != to.always {
        let kind = if to.always { "ALWAYS" } else { "BY DEFAULT" };
        clauses.push(format!("SET GENERATED {kind}"));
    }
    let changes = from.options.changes(&to.options);
    steps.extend(sequence::moved(&to.sequence, &from.options, &to.options).into_iter().flatten());
    if from.options.type_name != to.options.type_name {
        // No clause of ALTER COLUMN says it.
        let rest = changes.join(" ");
        let as_type = format!("AS {} {rest}", to.options.type_name);
        steps.push(Step::new(format!("ALTER SEQUENCE {} {}", to.sequence, as_type.trim_end())));
    } else {
        clauses.extend(changes.into_iter().map(|change| format!("SET {change}")));
    }
    if !clauses.is_empty() {
        steps.push(alter(clauses.join(" ")));
    }
    steps
}

/// A sequence with another name.
fn renamed(from: &Name, to: &Name) -> Vec<Step> {
    let mut steps = Vec::new();
    if from.name != to.name {
        let name = quote(&to.name);
        steps.push(Step::new(format!("ALTER SEQUENCE {from} RENAME TO {name}")));
    }
    steps
}

/// A sequence that is new to a column goes on after the values that are there.
pub(super) fn go_on(site: &Site<'_>, member: &Member, sequence: &Name) -> Vec<Step> {
    if site.from.column(member).is_none() || site.makes_relation(&member.of) {
        return Vec::new();
    }
    let (table, column) = (&member.of, quote(&member.name));
    let sequence = text(&sequence.to_string());
    let sql = format!("SELECT setval({sequence}, max({column})) FROM {table}");
    vec![Step::new(sql).note("The new sequence goes on after the values that are there.")]
}

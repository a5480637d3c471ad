//! Constraints of tables.

use serde::{Deserialize, Serialize};

use super::change::{Change, Site};
use super::name::quote;
use super::table::existing;
use super::{Member, Name, hazards, key_index, options};
use crate::{Run, Step};

/// A constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Constraint {
    /// What it demands.
    pub kind: ConstraintKind,
    /// The server's text: `FOREIGN KEY (a) REFERENCES b(id) ON DELETE CASCADE`.
    pub definition: String,
    /// The columns it is about, in its order; those of a check in the table's.
    pub columns: Vec<String>,
    /// Storage parameters of its index.
    pub options: Vec<String>,
    /// The tablespace of its index, not the default one.
    pub tablespace: Option<String>,
    /// A foreign key: the table and columns it refers to.
    pub references: Option<(Name, Vec<String>)>,
    /// The constraint that it is a part of, of a table that this one inherits from or is a
    /// partition of.
    pub part_of: Option<String>,
    /// It is declared here too, when it is inherited.
    pub local: bool,
    /// Its comment.
    pub comment: Option<String>,
    /// The comment of its index.
    pub index_comment: Option<String>,
}

/// What a constraint demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConstraintKind {
    /// A primary key.
    Primary,
    /// A unique key.
    Unique,
    /// A condition on a row.
    Check,
    /// A row elsewhere.
    Foreign,
    /// No two rows that operators relate.
    Exclusion,
}

impl Constraint {
    /// The rows that are there were not looked at.
    pub(super) fn not_valid(&self) -> bool {
        self.definition.ends_with(" NOT VALID")
    }

    /// An index makes it hold.
    pub(super) const fn has_index(&self) -> bool {
        !matches!(self.kind, ConstraintKind::Check | ConstraintKind::Foreign)
    }
}

/// `CONSTRAINT name …`
pub(super) fn definition(name: &str, constraint: &Constraint) -> String {
    let mut text = constraint.definition.clone();
    let mut clauses = String::new();
    if !constraint.options.is_empty() {
        clauses.push_str(&format!(" WITH ({})", options::list(&constraint.options)));
    }
    if let Some(tablespace) = &constraint.tablespace {
        clauses.push_str(&format!(" USING INDEX TABLESPACE {}", quote(tablespace)));
    }
    if !clauses.is_empty() {
        // They stand before the condition and when it is looked at.
        let at = key_index::clauses_end(&text);
        text.insert_str(at, &clauses);
    }
    format!("CONSTRAINT {} {text}", quote(name))
}

/// Whether a constraint of a table that the plan makes stands in its CREATE TABLE.
pub(super) fn inline(site: &Site<'_>, member: &Member) -> bool {
    let Some(constraint) = site.to.constraint(member) else { return false };
    let own = constraint.local || constraint.part_of.is_none();
    let parts = site.to.tables.get(&member.of).is_some_and(|table| table.inherits.is_empty());
    let early = constraint.kind != ConstraintKind::Foreign || site.early_keys.contains(member);
    (own || parts) && early && !constraint.not_valid()
}

/// The statements that make one of the target.
pub(super) fn create(site: &Site<'_>, member: &Member) -> Vec<Step> {
    let Some(constraint) = site.to.constraint(member) else { return Vec::new() };
    let (table, object) = (&member.of, member.plain());
    let clause = definition(&member.name, constraint);
    let add = Step::new(format!("ALTER TABLE {table}\n    ADD {clause}"));
    if site.makes_relation(table) {
        return vec![add];
    }
    let partitioned = site.to.tables.get(table).is_some_and(|it| it.partition_key.is_some());
    let online = site.online && !partitioned;
    if constraint.has_index() {
        return key_index::create(site, member, constraint, add, online);
    }
    if constraint.not_valid() {
        return vec![add];
    }
    let foreign = constraint.kind == ConstraintKind::Foreign;
    let fails = match foreign {
        true => hazards::fails(&object, "fails where a row refers to none", orphans(site, member)),
        false => hazards::fails(&object, "fails where a row does not fulfil it", None),
    };
    if online {
        let sql = format!("ALTER TABLE {table} VALIDATE CONSTRAINT {}", quote(&member.name));
        let add = Step::new(format!("{} NOT VALID", add.sql));
        let note = "The rows that are there are looked at without keeping others out.";
        return vec![add.note(note), Step::new(sql).hazard(fails).run(Run::Later)];
    }
    let text = match foreign {
        true => {
            "reads the table; nobody writes to it or to the other meanwhile \
             (SHARE ROW EXCLUSIVE)"
        }
        false => "reads the table; nobody reads or writes it meanwhile (ACCESS EXCLUSIVE)",
    };
    vec![add.hazard(fails).hazard(hazards::lock(&object, text, table))]
}

/// Rows that refer to none; none where a column or the other table is not there yet.
fn orphans(site: &Site<'_>, member: &Member) -> Option<String> {
    let constraint = site.to.constraint(member)?;
    let (other, referenced) = constraint.references.as_ref()?;
    let columns = existing(site, &member.of, &constraint.columns)?;
    let referenced = existing(site, other, referenced)?;
    let pairs = columns.iter().zip(&referenced).map(|(a, b)| format!("o.{b} = t.{a}"));
    let pairs: Vec<String> = pairs.collect();
    let known: Vec<String> =
        columns.iter().map(|column| format!("t.{column} IS NOT NULL")).collect();
    Some(format!(
        "SELECT count(*) FROM {} t WHERE {} AND NOT EXISTS (SELECT FROM {other} o WHERE {})",
        member.of,
        known.join(" AND "),
        pairs.join(" AND ")
    ))
}

/// The statements that drop one of the source.
pub(super) fn drop(_site: &Site<'_>, member: &Member) -> Vec<Step> {
    let sql = format!("ALTER TABLE {} DROP CONSTRAINT {}", member.of, quote(&member.name));
    vec![Step::new(sql)]
}

/// What makes one of the source one of the target.
pub(super) fn change(site: &Site<'_>, member: &Member) -> Change {
    let (from, to) = (site.from.constraint(member), site.to.constraint(member));
    let (Some(from), Some(to)) = (from, to) else { return Change::Same };
    let attached = !site.parents(&member.of).is_empty();
    let part = attached && (from.part_of != to.part_of || from.local != to.local);
    if part || from.tablespace != to.tablespace || from.kind != to.kind {
        return Change::Recreate;
    }
    let mut steps = Vec::new();
    if from.definition != to.definition {
        match altered(member, &from.definition, &to.definition, to.kind) {
            Some(step) => steps.push(step),
            None => return Change::Recreate,
        }
    }
    let index = member.of.beside(&member.name);
    for clause in options::changes(&from.options, &to.options) {
        steps.push(Step::new(format!("ALTER INDEX {index} {clause}")));
    }
    if steps.is_empty() { Change::Same } else { Change::Alter(steps) }
}

/// The statement for the little that can be changed in place.
fn altered(member: &Member, from: &str, to: &str, kind: ConstraintKind) -> Option<Step> {
    let (table, name) = (&member.of, quote(&member.name));
    if from.strip_suffix(" NOT VALID") == Some(to) {
        let fails = hazards::fails(&member.plain(), "fails where a row does not fulfil it", None);
        let sql = format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name}");
        return Some(Step::new(sql).hazard(fails));
    }
    let (old, _) = deferrable(from);
    let (new, when) = deferrable(to);
    let deferred = old == new && kind == ConstraintKind::Foreign && !to.ends_with(" NOT VALID");
    deferred.then(|| Step::new(format!("ALTER TABLE {table} ALTER CONSTRAINT {name} {when}")))
}

/// A definition without when it is looked at, and that.
fn deferrable(definition: &str) -> (&str, &'static str) {
    const ENDS: [(&str, &str); 2] = [
        (" DEFERRABLE INITIALLY DEFERRED", "DEFERRABLE INITIALLY DEFERRED"),
        (" DEFERRABLE", "DEFERRABLE INITIALLY IMMEDIATE"),
    ];
    let found = ENDS.iter().find_map(|(end, when)| Some((definition.strip_suffix(end)?, *when)));
    found.unwrap_or((definition, "NOT DEFERRABLE"))
}

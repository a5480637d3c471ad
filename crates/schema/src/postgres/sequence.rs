//! Sequences.

use serde::{Deserialize, Serialize};

use super::change::{Change, Site};
use super::name::text;
use super::{Member, Name};
use crate::Step;

/// A sequence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sequence {
    /// How it counts.
    pub options: SequenceOptions,
    /// The column it goes with.
    pub owner: Option<Member>,
    /// Not in the write-ahead log.
    pub unlogged: bool,
    /// Its comment.
    pub comment: Option<String>,
}

/// How a sequence counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SequenceOptions {
    /// `bigint`, `integer`, `smallint`.
    pub type_name: String,
    /// First value.
    pub start: i64,
    /// Step.
    pub increment: i64,
    /// Least value.
    pub min: i64,
    /// Greatest value.
    pub max: i64,
    /// Values a session takes at once.
    pub cache: i64,
    /// It begins again at its end.
    pub cycle: bool,
}

impl SequenceOptions {
    /// Those of a sequence of a type about which nothing was said.
    pub(super) fn of(type_name: &str) -> Self {
        Self {
            type_name: type_name.to_owned(),
            start: 1,
            increment: 1,
            min: 1,
            max: bounds(type_name).1,
            cache: 1,
            cycle: false,
        }
    }

    /// The clauses that lead to others; the type is not among them.
    pub(super) fn changes(&self, to: &Self) -> Vec<String> {
        let mut clauses = Vec::new();
        let mut clause = |differ: bool, text: String| clauses.extend(differ.then_some(text));
        clause(self.increment != to.increment, format!("INCREMENT BY {}", to.increment));
        clause(self.min != to.min, format!("MINVALUE {}", to.min));
        clause(self.max != to.max, format!("MAXVALUE {}", to.max));
        clause(self.start != to.start, format!("START WITH {}", to.start));
        clause(self.cache != to.cache, format!("CACHE {}", to.cache));
        let cycle = if to.cycle { "CYCLE" } else { "NO CYCLE" };
        clause(self.cycle != to.cycle, cycle.to_owned());
        clauses
    }
}

fn bounds(type_name: &str) -> (i64, i64) {
    match type_name {
        "smallint" => (i16::MIN.into(), i16::MAX.into()),
        "integer" => (i32::MIN.into(), i32::MAX.into()),
        _ => (i64::MIN, i64::MAX),
    }
}

/// The statements that make one of the target.
pub(super) fn create(site: &Site<'_>, name: &Name) -> Vec<Step> {
    let Some(sequence) = site.to.sequences.get(name) else { return Vec::new() };
    let options = &sequence.options;
    let unlogged = if sequence.unlogged { "UNLOGGED " } else { "" };
    let mut sql = format!("CREATE {unlogged}SEQUENCE {name}");
    if options.type_name != "bigint" {
        sql.push_str(&format!(" AS {}", options.type_name));
    }
    for clause in SequenceOptions::of(&options.type_name).changes(options) {
        sql.push_str(&format!("\n    {clause}"));
    }
    vec![Step::new(sql)]
}

/// The statements that drop one of the source.
pub(super) fn drop(_site: &Site<'_>, name: &Name) -> Vec<Step> {
    vec![Step::new(format!("DROP SEQUENCE {name}"))]
}

/// What makes one of the source one of the target.
pub(super) fn change(site: &Site<'_>, name: &Name) -> Change {
    let from = site.from.sequences.get(name);
    let (Some(from), Some(to)) = (from, site.to.sequences.get(name)) else { return Change::Same };
    let mut steps = Vec::new();
    if from.unlogged != to.unlogged {
        let clause = if to.unlogged { "SET UNLOGGED" } else { "SET LOGGED" };
        steps.push(Step::new(format!("ALTER SEQUENCE {name} {clause}")));
    }
    let mut clauses = Vec::new();
    if from.options.type_name != to.options.type_name {
        clauses.push(format!("AS {}", to.options.type_name));
    }
    clauses.extend(from.options.retyped(&to.options).changes(&to.options));
    if !clauses.is_empty() {
        steps.extend(moved(name, &from.options, &to.options).into_iter().flatten());
        steps.push(Step::new(format!("ALTER SEQUENCE {name} {}", clauses.join(" "))));
    }
    if steps.is_empty() { Change::Same } else { Change::Alter(steps) }
}

/// A sequence that never gave a value stands at its start, and the server takes no bounds without
/// that. One that gave some is left where it is: should it be outside, the server says so.
pub(super) fn moved(
    name: &Name,
    from: &SequenceOptions,
    to: &SequenceOptions,
) -> Option<[Step; 2]> {
    if (to.min..=to.max).contains(&from.start) {
        return None;
    }
    let wide = if from.width() > to.width() { from } else { to };
    let (min, max) = (from.min.min(to.min), from.max.max(to.max));
    let both = format!("AS {} MINVALUE {min} MAXVALUE {max}", wide.type_name);
    let place = text(&name.to_string());
    Some([
        Step::new(format!("ALTER SEQUENCE {name} {both}")),
        Step::new(format!(
            "SELECT pg_catalog.setval({place}, {}, false) FROM {name} WHERE NOT is_called",
            to.start
        )),
    ])
}

impl SequenceOptions {
    fn width(&self) -> i64 {
        bounds(&self.type_name).1
    }

    /// What is left of them when the type is another: the server moves bounds that were the old
    /// type's own.
    fn retyped(&self, to: &Self) -> Self {
        let mut options = self.clone();
        let (min, max) = bounds(&self.type_name);
        if self.type_name != to.type_name {
            if self.min == min {
                options.min = bounds(&to.type_name).0;
            }
            if self.max == max {
                options.max = bounds(&to.type_name).1;
            }
        }
        options
    }
}

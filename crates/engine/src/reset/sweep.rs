//! What is dropped, how, and what is not.

use std::collections::BTreeSet;

use crate::names::Names;
use crate::{Error, Scope, foreign};

/// How many of the things that would be lost an error names.
const NAMED_MAX: usize = 10;

/// What is never dropped.
#[derive(Debug, Clone, Default)]
pub(crate) struct Keep {
    /// Names; `*` stands for any characters.
    ignore: Vec<String>,
    /// The ledger in use; none where there is no history, on a shadow.
    ledger: Option<Names>,
}

/// What is dropped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Sweep {
    /// For people: `table users`.
    pub(crate) shown: Vec<String>,
    /// In order.
    pub(crate) statements: Vec<String>,
    /// PostgreSQL: the relations, routines and types that go, as oids.
    pub(crate) oids: Vec<String>,
}

impl Keep {
    /// What a project keeps.
    pub(crate) fn of(scope: &Scope, names: &Names) -> Self {
        Self { ignore: scope.ignore.clone(), ledger: Some(names.clone()) }
    }

    /// Only these names.
    pub(crate) fn only(names: &[&str]) -> Self {
        let ignore = names.iter().map(|&name| name.to_owned()).collect();
        Self { ignore, ledger: None }
    }

    /// Whether an object stays.
    pub(crate) fn keeps(&self, name: &str) -> bool {
        let ledger = |names: &Names| names.is_own(name) || foreign::is_foreign(name, &names.table);
        self.ledger.as_ref().is_some_and(ledger)
            || self.ignore.iter().any(|pattern| matches(pattern, name))
    }
}

/// What stays must all be there still: `CASCADE` reaches further than the list.
pub(super) fn refuse_lost(before: &[String], after: &[String]) -> Result<(), Error> {
    let after: BTreeSet<&String> = after.iter().collect();
    let lost: Vec<&str> =
        before.iter().filter(|thing| !after.contains(thing)).map(String::as_str).collect();
    if lost.is_empty() { Ok(()) } else { Err(depends(&lost)) }
}

/// Something that stays depends on what would go.
pub(super) fn depends(things: &[&str]) -> Error {
    let named = things.iter().take(NAMED_MAX).copied().collect::<Vec<_>>().join(", ");
    let more = things.len().saturating_sub(NAMED_MAX);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    Error::Id {
        id: "the reset".to_owned(),
        problem: format!("would also drop what is outside its scope: {named}{more}"),
    }
}

/// Whether a name fits a pattern in which `*` stands for any characters.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('*') else { return pattern == name };
    let Some(rest) = name.strip_prefix(head) else { return false };
    let mut ends = (0..=rest.len()).filter(|&at| rest.is_char_boundary(at));
    ends.any(|at| matches(tail, &rest[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use xtask_db_sql::Dialect;

    #[test]
    fn patterns() {
        let check = |pattern: &str, name: &str, expected: bool| {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        };
        check("users", "users", true);
        check("users", "users2", false);
        check("job_*", "job_", true);
        check("job_*", "job_a", true);
        check("job_*", "jobs", false);
        check("*_log", "a_log", true);
        check("*_log", "a_log_b", false);
        check("a*b*c", "aXbYc", true);
        check("a*b*c", "aXcYb", false);
        check("*", "é", true);
    }

    #[test]
    fn ledgers_stay() {
        let names = Names::new(Dialect::Sqlite, None, "_xtask_db_migrations");
        let scope = Scope { schemas: Vec::new(), ignore: vec!["job_*".to_owned()] };
        let keep = Keep::of(&scope, &names);
        let check = |name: &str, expected: bool| assert_eq!(keep.keeps(name), expected, "{name}");
        check("users", false);
        check("job_queue", true);
        check("_xtask_db_migrations", true);
        check("_xtask_db_meta", true);
        check("_sqlx_migrations", true);
        assert!(!Keep::only(&["mark"]).keeps("_sqlx_migrations"));
        assert!(Keep::only(&["mark"]).keeps("mark"));
    }
}

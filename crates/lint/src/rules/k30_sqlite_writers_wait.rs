//! K30: SQLite: one long write, and every other writer waits or fails.

use crate::found::Found;
use crate::read::{Filter, Kind, Source, Statement, Writes};
use crate::rule::{Blocks, Check, Rule};
use crate::scene::Scene;
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "K30",
    name: "sqlite-writers-wait",
    servers: Servers::S,
    level: Level::Warning,
    says: "every writer of the file waits while rows of {} are written",
    rewrite: "write them in batches: a backfill.sql with -- xtask-db: batch table(key) 1000",
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    if let Kind::Pragma { name, value: Some(value) } = &statement.kind {
        pragma(statement, name, value, found);
    }
    for write in statement.kind.writes() {
        let table = match &write.does {
            Writes::Update { filter: Filter::All, .. } | Writes::Delete { filter: Filter::All } => {
                &write.table
            }
            Writes::Insert(insert) => match &insert.source {
                Source::Query { from: Some(from), .. } => from,
                _ => continue,
            },
            _ => continue,
        };
        let Some(rows) = scene.rows(table).filter(|rows| *rows >= scene.large) else { continue };
        let finding = found.add(write.span, table.shown());
        let shown = table.shown();
        finding.because(format!("every writer waits while {rows} rows of {shown} are written"));
        finding.blocks(Some(Blocks::Writes));
    }
}

fn pragma(statement: &Statement, name: &str, value: &str, found: &mut Found) {
    let (message, help) = match (name, value) {
        ("busy_timeout", "0") => (
            "with busy_timeout = 0 the migration fails as soon as somebody else writes",
            "leave it out: the tool waits",
        ),
        ("locking_mode", "exclusive") => (
            "with an exclusive lock nobody else can read the file until this session ends",
            "leave it out",
        ),
        _ => return,
    };
    found.add(statement.span, name).because(message).help(help);
}

#[cfg(test)]
mod tests {
    use crate::check::sqlite;

    #[test]
    fn writes() {
        let rule = sqlite("K30");
        rule.check("PRAGMA busy_timeout = 0", "K30 1:1 busy_timeout");
        rule.check("PRAGMA locking_mode = EXCLUSIVE", "K30 1:1 locking_mode");
        rule.check("PRAGMA busy_timeout = 5000", "");
        rule.check("UPDATE t SET a = 1", "");
        let large = rule.knows("rows t", 1_000_000);
        large.check("UPDATE t SET a = 1", "K30 1:1 t");
        large.check("INSERT INTO new SELECT a FROM t", "K30 1:1 t");
        large.check("UPDATE t SET a = 1 WHERE id = 1", "");
    }
}

//! D04: an index that another one makes needless, or one of very many columns.

use xtask_db_sql::Span;

use crate::found::Found;
use crate::read::{Does, Index, Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::{Level, Name};

pub(super) const RULE: Rule = Rule {
    id: "D04",
    name: "redundant-index",
    level: Level::Warning,
    says: "{} is covered by another index",
    rewrite: "leave it out; one index on (a, b) serves queries by a too",
    check: Check::Statement(check),
    ..Rule::BASE
};

/// More columns are seldom all used.
const COLUMNS_MAX: usize = 5;

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    match &statement.kind {
        Kind::CreateIndex(create) => {
            judge(scene, &create.table, &create.index, statement.span, found);
        }
        Kind::CreateTable(create) => {
            for (at, index) in create.indexes.iter().enumerate() {
                let others = create.indexes.iter().enumerate();
                let covered = others.filter(|(other, _)| *other != at).any(|(other, one)| {
                    covers(one, index) && (one.columns != index.columns || other < at)
                });
                if covered {
                    found.add(statement.span, named(index, &create.name));
                }
            }
        }
        _ => {}
    }
    for (table, action) in statement.kind.actions() {
        if let Does::AddIndex(index) = &action.does {
            judge(scene, table, index, action.span, found);
        }
    }
}

fn judge(scene: &Scene<'_>, table: &Name, index: &Index, span: Span, found: &mut Found) {
    let object = named(index, table);
    if index.columns.len() > COLUMNS_MAX {
        let finding = found.add(span, object.as_str());
        finding.because(format!("{object} has {} columns", index.columns.len()));
    }
    let Some(known) = scene.state.table(table) else { return };
    let key: Vec<_> = known.primary_key.iter().cloned().map(Some).collect();
    let of_key = !key.is_empty() && !index.unique && key.starts_with(&index.columns);
    let cover = known.indexes.iter().find(|other| covers(&other.index, index));
    if let Some(cover) = cover {
        let name = cover.index.name.as_deref().unwrap_or("another index");
        let finding = found.add(span, object.as_str());
        finding.because(format!("{object} is covered by {name}"));
    } else if of_key && !index.partial {
        let finding = found.add(span, object.as_str());
        finding.because(format!("{object} is covered by the primary key"));
    }
}

/// The wider one serves every query that the other does.
fn covers(wide: &Index, index: &Index) -> bool {
    let plain = |one: &Index| {
        !one.partial && one.columns.iter().all(Option::is_some) && one.method.is_none()
    };
    let same = wide.columns == index.columns;
    plain(wide)
        && plain(index)
        && wide.columns.starts_with(&index.columns)
        && (!index.unique || (wide.unique && same))
}

fn named(index: &Index, table: &Name) -> String {
    index.name.clone().unwrap_or_else(|| format!("an index on {}", table.shown()))
}

#[cfg(test)]
mod tests {
    use crate::check::{mysql, postgres, sqlite};

    #[test]
    fn indexes() {
        for rule in [postgres("D04"), mysql("D04"), sqlite("D04")] {
            let rule = rule.after(
                "CREATE TABLE t (a int PRIMARY KEY, b int, c int);\n\
                                   CREATE INDEX i ON t (b, c)",
            );
            rule.check("CREATE INDEX j ON t (b)", "D04 1:1 j");
            rule.check("CREATE INDEX j ON t (a)", "D04 1:1 j");
            rule.check("CREATE INDEX j ON t (c)", "");
            rule.check("CREATE UNIQUE INDEX j ON t (b)", "");
            rule.check("CREATE INDEX j ON t (b, c, a, d, e, f)", "D04 1:1 j");
        }
        mysql("D04").check("CREATE TABLE t (a int, b int, KEY i (a), KEY j (a, b))", "D04 1:1 i");
        postgres("D04").check("CREATE INDEX i ON t (a);\nCREATE INDEX j ON t (a) WHERE b", "");
    }
}

//! K20: a write of very many rows in one statement.

use crate::found::Found;
use crate::read::{Filter, Source, Statement, Write, Writes};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::{Name, Servers};

pub(super) const RULE: Rule = Rule {
    id: "K20",
    name: "unbatched-write",
    servers: Servers::PMR,
    says: "rows of {} stay locked until all are written",
    rewrite: "write them in batches: a backfill.sql with -- xtask-db: batch table(key) 1000",
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    for write in statement.kind.writes() {
        let Some(table) = many_rows_of(write, scene) else { continue };
        if !scene.in_use(table) || is_one_row(write, scene, table) {
            continue;
        }
        match scene.rows(table) {
            Some(rows) if rows >= scene.large => {
                let finding = found.add(write.span, table.shown());
                let shown = table.shown();
                finding
                    .because(format!("rows of {shown}, which has {rows}, stay locked meanwhile"));
            }
            Some(_) => {}
            None => drop(found.add(write.span, table.shown()).possible()),
        }
    }
}

/// The table that is read and written from end to end.
fn many_rows_of<'w>(write: &'w Write, scene: &Scene<'_>) -> Option<&'w Name> {
    match &write.does {
        Writes::Update { .. } | Writes::Delete { .. } => Some(&write.table),
        Writes::Insert(insert) => match &insert.source {
            Source::Query { from: Some(from), .. } if !scene.state.is_new(&write.table) => {
                Some(from)
            }
            Source::Query { .. } | Source::Values => None,
        },
    }
}

/// A condition on a key: `WHERE id = 5`.
fn is_one_row(write: &Write, scene: &Scene<'_>, table: &Name) -> bool {
    let (Writes::Update { filter, .. } | Writes::Delete { filter }) = &write.does else {
        return false;
    };
    let Filter::Where(condition) = filter else { return *filter == Filter::Joined };
    let known = scene.state.table(table);
    let key = |name: &String| {
        name == "id" || known.is_some_and(|known| known.primary_key == [name.clone()])
    };
    let text = condition.text.to_lowercase();
    let equals = text.contains('=') || text.contains(" in (");
    equals && !text.contains("select") && condition.names.iter().any(key) && !text.contains('<')
}

#[cfg(test)]
mod tests {
    use crate::check::{mysql, postgres};

    #[test]
    fn writes() {
        for rule in [postgres("K20"), mysql("K20")] {
            let update = "UPDATE t SET a = 1 WHERE b = 2";
            rule.check(update, "K20? 1:1 t");
            rule.check("DELETE FROM t", "K20? 1:1 t");
            rule.check("INSERT INTO t SELECT * FROM u", "K20? 1:1 u");
            rule.check("INSERT INTO t VALUES (1)", "");
            rule.check("UPDATE t SET a = 1 WHERE id = 2", "");
            rule.check("UPDATE t SET a = 1 WHERE id IN (2, 3)", "");
            rule.check("UPDATE t SET a = 1 WHERE id >= 2 AND id < 5", "K20? 1:1 t");
            rule.knows("rows t", 500).check(update, "");
            rule.knows("rows t", 41_000_000).check(update, "K20 1:1 t");
            rule.check("CREATE TABLE t (a int);\nUPDATE t SET a = 1", "");
        }
        mysql("K20").check("DELETE FROM t WHERE b = 2 LIMIT 1000", "");
    }
}

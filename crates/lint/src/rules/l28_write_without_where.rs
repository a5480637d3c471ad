//! L28: an `UPDATE` or `DELETE` of every row.

use crate::Name;
use crate::found::Found;
use crate::read::{Expr, Filter, Statement, Writes};
use crate::rule::{Check, Rule};
use crate::scene::Scene;

pub(super) const RULE: Rule = Rule {
    id: "L28",
    name: "write-without-where",
    says: "every row of {} is changed",
    rewrite: "say which rows are meant: WHERE …; if all are, say so in an allow",
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    for write in statement.kind.writes().iter().filter(|write| scene.in_use(&write.table)) {
        let table = write.table.shown();
        match &write.does {
            Writes::Delete { filter: Filter::All } => {
                let finding = found.add(write.span, table);
                finding.because(format!("every row of {table} is deleted"));
            }
            // a column of this file has nothing to lose
            Writes::Update { set, filter: Filter::All } if overwrites(scene, &write.table, set) => {
                let finding = found.add(write.span, table);
                finding.because(format!("values in every row of {table} are overwritten"));
            }
            _ => {}
        }
    }
}

fn overwrites(scene: &Scene<'_>, table: &Name, set: &[(String, Expr)]) -> bool {
    let keeps = |column: &str, value: &Expr| {
        // `a = COALESCE(a, 0)` fills what is null and keeps the rest
        value.calls == ["coalesce"]
            && value
                .text
                .to_lowercase()
                .replace(' ', "")
                .starts_with(&format!("coalesce({column},"))
    };
    let lost = |(column, value): &(String, Expr)| {
        !scene.state.is_new_column(table, column) && !keeps(column, value)
    };
    set.is_empty() || set.iter().any(lost)
}

#[cfg(test)]
mod tests {
    use crate::check::{mysql, postgres, sqlite};

    #[test]
    fn writes() {
        for rule in [postgres("L28"), mysql("L28"), sqlite("L28")] {
            rule.check("DELETE FROM t", "L28 1:1 t");
            rule.check("DELETE FROM t WHERE a = 1", "");
            rule.check("UPDATE t SET a = 1", "L28 1:1 t");
            rule.check("UPDATE t SET a = (SELECT b FROM u WHERE u.id = t.id)", "L28 1:1 t");
            rule.check("UPDATE t SET a = 1 WHERE 1 = 1", "L28 1:1 t");
            rule.check("UPDATE t SET a = 1 WHERE a IS NULL", "");
            rule.check("UPDATE t SET a = COALESCE(a, 0)", "");
            rule.check("UPDATE t SET a = COALESCE(b, 0)", "L28 1:1 t");
            rule.check("ALTER TABLE t ADD a int;\nUPDATE t SET a = 1", "");
            rule.check("CREATE TABLE t (a int);\nDELETE FROM t", "");
            rule.knows("rows t", 0).check("DELETE FROM t", "");
        }
        postgres("L28")
            .check("WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x", "L28 1:12 t");
        mysql("L28").check("UPDATE t JOIN u ON u.id = t.id SET t.a = 1", "");
        mysql("L28").check("DELETE FROM t LIMIT 10", "");
    }
}

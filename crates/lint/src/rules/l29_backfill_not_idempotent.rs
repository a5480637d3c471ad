//! L29: a backfill that makes something else of rows it has seen.

use crate::found::Found;
use crate::read::{Expr, Statement, Write, Writes};
use crate::rule::{Check, Rule};
use crate::scene::Scene;

pub(super) const RULE: Rule = Rule {
    id: "L29",
    name: "backfill-not-idempotent",
    says: "a row of {} that is filled twice is not as if it were filled once",
    rewrite: "compute the value from other columns, or take only rows that are not filled: WHERE … \
              IS NULL; INSERT … ON CONFLICT DO NOTHING",
    check: Check::Backfill(check),
    ..Rule::BASE
};

/// Functions that give the same when they are applied to their own result.
const STABLE: [&str; 12] = [
    "coalesce", "ifnull", "nullif", "lower", "upper", "trim", "ltrim", "rtrim", "greatest",
    "least", "abs", "btrim",
];
/// Functions that never give the same.
const ALWAYS_NEW: [&str; 6] = ["random", "rand", "gen_random_uuid", "uuid", "nextval", "uuidv7"];

fn check(statement: &Statement, _: &Scene<'_>, found: &mut Found) {
    for write in statement.kind.writes() {
        if changes_again(write) {
            found.add(write.span, write.table.shown());
        }
    }
}

fn changes_again(write: &Write) -> bool {
    match &write.does {
        Writes::Insert(insert) => !insert.again,
        Writes::Delete { .. } => false,
        Writes::Update { set, filter } => {
            let guarded = |column: &str| matches!(filter, crate::read::Filter::Where(condition) if condition.has(column));
            set.iter().any(|(column, value)| is_unstable(column, value) && !guarded(column))
        }
    }
}

/// `n = n + 1`, `name = name || '!'`, `token = gen_random_uuid()`.
fn is_unstable(column: &str, value: &Expr) -> bool {
    let new = value.calls.iter().any(|call| ALWAYS_NEW.contains(&call.as_str()));
    let stable = !value.calls.is_empty()
        && value.calls.iter().all(|call| STABLE.contains(&call.as_str()))
        && !value.text.contains(['+', '|', '-', '/']);
    let itself = value.text.trim().eq_ignore_ascii_case(column);
    new || (value.has(column) && !stable && !itself)
}

#[cfg(test)]
mod tests {
    use crate::check::{mysql, postgres};

    #[test]
    fn backfills() {
        for rule in [postgres("L29").backfill(), mysql("L29").backfill()] {
            let range = "id > :from AND id <= :to";
            rule.check(&format!("UPDATE t SET n = n + 1 WHERE {range}"), "L29 1:1 t");
            rule.check(&format!("UPDATE t SET n = m + 1 WHERE {range}"), "");
            rule.check(&format!("UPDATE t SET n = lower(n) WHERE {range}"), "");
            rule.check(&format!("UPDATE t SET n = coalesce(n, 0) WHERE {range}"), "");
            rule.check(&format!("UPDATE t SET u = uuid() WHERE {range}"), "L29 1:1 t");
            rule.check(&format!("UPDATE t SET u = uuid() WHERE u IS NULL AND {range}"), "");
            let insert = format!("INSERT INTO t (a) SELECT b FROM u WHERE {range}");
            rule.check(&insert, "L29 1:1 t");
            rule.check(&format!("DELETE FROM t WHERE {range}"), "");
        }
        let settled = "INSERT INTO t (a) SELECT b FROM u WHERE id > :from ON CONFLICT DO NOTHING";
        postgres("L29").backfill().check(settled, "");
        postgres("L29").check("UPDATE t SET n = n + 1 WHERE id = 1", "");
    }
}

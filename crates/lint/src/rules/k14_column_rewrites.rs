//! K14: a new column has a value of its own in each row, so PostgreSQL writes the table again.

use crate::found::Found;
use crate::read::{Column, Does, Generated, Statement, Type};
use crate::rule::{Blocks, Check, Rule};
use crate::scene::Scene;
use crate::squawk::Hit;
use crate::{Level, Name, Servers};

pub(super) const RULE: Rule = Rule {
    id: "K14",
    name: "column-rewrites",
    servers: Servers::P,
    says: "reads and writes of the table wait while each row is written with its own {}",
    rewrite: "add the column without a default, set the default for new rows, and backfill the rest",
    blocks: Some(Blocks::All),
    atlas: &["PG302"],
    own: Servers::P,
    check: Check::Statement(check),
    squawk: Some(judge),
    ..Rule::BASE
};

/// Functions whose value is one for the whole statement: the server keeps it once.
const ONCE: [&str; 26] = [
    "now",
    "current_timestamp",
    "current_date",
    "current_time",
    "localtime",
    "localtimestamp",
    "current_user",
    "session_user",
    "user",
    "transaction_timestamp",
    "statement_timestamp",
    "timezone",
    "date_trunc",
    "to_timestamp",
    "lower",
    "upper",
    "coalesce",
    "concat",
    "jsonb_build_object",
    "json_build_object",
    "jsonb_build_array",
    "to_jsonb",
    "make_interval",
    "current_setting",
    "array_fill",
    "md5",
];

fn judge(hit: &Hit<'_>, scene: &Scene<'_>, found: &mut Found) {
    let Some((table, action)) = hit.action() else { return };
    if let Does::AddColumn(column) = &action.does
        && (is_volatile(column) || column.generated == Some(Generated::Stored))
    {
        rewrites(scene, table, column, hit.span, found);
    }
}

/// squawk does not look at the types that number themselves.
fn check(statement: &Statement, scene: &Scene<'_>, found: &mut Found) {
    for (table, action) in statement.kind.actions() {
        let Does::AddColumn(column) = &action.does else { continue };
        if column.identity || column.ty.as_ref().is_some_and(Type::is_serial) {
            rewrites(scene, table, column, action.span, found);
        }
    }
}

fn rewrites(
    scene: &Scene<'_>,
    table: &Name,
    column: &Column,
    span: xtask_db_sql::Span,
    found: &mut Found,
) {
    if !scene.in_use(table) {
        return;
    }
    let finding = found.add(span, table.column(&column.name));
    if scene.is_small(table) {
        finding.at_most(Level::Note).blocks(None);
    }
}

fn is_volatile(column: &Column) -> bool {
    let Some(default) = &column.default else { return false };
    default.calls.iter().any(|call| !ONCE.contains(&call.as_str()))
}

#[cfg(test)]
mod tests {
    use crate::check::postgres;

    #[test]
    fn columns() {
        let rule = postgres("K14");
        let add = |column: &str| format!("ALTER TABLE t ADD COLUMN {column}");
        rule.check(&add("a uuid DEFAULT gen_random_uuid()"), "K14 1:41 t.a");
        rule.check(&add("a int GENERATED ALWAYS AS (b + 1) STORED"), "K14 1:32 t.a");
        rule.check(&add("a bigserial"), "K14 1:15 t.a");
        rule.check(&add("a int GENERATED ALWAYS AS IDENTITY"), "K14 1:15 t.a");
        for quiet in [
            "a int DEFAULT 1",
            "a int DEFAULT -1",
            "a timestamptz DEFAULT now()",
            "a timestamptz DEFAULT now() + interval '1 day'",
            "a jsonb DEFAULT '{}'::jsonb",
            "a text[] DEFAULT ARRAY[]::text[]",
            "a int",
        ] {
            rule.check(&add(quiet), "");
        }
        let new = format!("CREATE TABLE t (b int);\n{}", add("a uuid DEFAULT gen_random_uuid()"));
        rule.check(&new, "");
    }
}

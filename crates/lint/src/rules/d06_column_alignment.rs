//! D06: the order of a table's columns leaves gaps in each of its rows.

use crate::found::Found;
use crate::read::{Kind, Statement, Type};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "D06",
    name: "column-alignment",
    servers: Servers::P,
    level: Level::Warning,
    says: "each row of {} has gaps between its columns",
    rewrite: "order the columns by size: eight bytes first, then four, two, one, then the rest",
    atlas: &["PG110"],
    check: Check::Statement(check),
    ..Rule::BASE
};

/// Less is not worth a word.
const GAP_BYTES_MIN: usize = 8;

fn check(statement: &Statement, _: &Scene<'_>, found: &mut Found) {
    let Kind::CreateTable(create) = &statement.kind else { return };
    let fixed: Option<Vec<(usize, usize)>> = create
        .columns
        .iter()
        .map_while(|column| column.ty.as_ref())
        .map(|ty| Some(layout(ty)))
        .collect();
    let Some(columns) = fixed else { return };
    let mut ordered = columns.clone();
    ordered.sort_by_key(|(_, align)| std::cmp::Reverse(*align));
    let gap = width(&columns).saturating_sub(width(&ordered));
    if gap >= GAP_BYTES_MIN && !create.derived {
        let finding = found.add(statement.span, create.name.shown());
        let table = create.name.shown();
        finding.because(format!("each row of {table} has {gap} bytes of gaps between its columns"));
    }
}

/// Size and alignment; of what varies in length, one byte, unaligned.
fn layout(ty: &Type) -> (usize, usize) {
    if ty.array {
        return (1, 1);
    }
    match ty.base.as_str() {
        "bigint" | "bigserial" | "double precision" | "time" | "money" => (8, 8),
        base if base.starts_with("timestamp") => (8, 8),
        "integer" | "serial" | "real" | "date" | "oid" => (4, 4),
        "smallint" | "smallserial" => (2, 2),
        "uuid" => (16, 1),
        _ => (1, 1),
    }
}

fn width(columns: &[(usize, usize)]) -> usize {
    columns.iter().fold(0, |at, (size, align)| at.next_multiple_of(*align) + size)
}

#[cfg(test)]
mod tests {
    use crate::check::postgres;

    #[test]
    fn orders() {
        let rule = postgres("D06");
        rule.check("CREATE TABLE t (a boolean, b bigint, c boolean, d bigint)", "D06 1:1 t");
        rule.check("CREATE TABLE t (b bigint, d bigint, a boolean, c boolean)", "");
        rule.check("CREATE TABLE t (a int, b bigint)", "");
    }
}

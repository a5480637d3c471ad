//! Columns that are never null.

use super::change::Site;
use super::name::quote;
use super::{Member, hazards, serial};
use crate::{Run, Step};

/// The statements that lead a column from one to the other.
pub(super) fn change(site: &Site<'_>, member: &Member, from: bool, to: bool) -> Vec<Step> {
    let (table, column) = (&member.of, quote(&member.name));
    let alter =
        |clause: &str| Step::new(format!("ALTER TABLE {table} ALTER COLUMN {column} {clause}"));
    if from == to {
        return Vec::new();
    }
    if !to {
        return vec![alter("DROP NOT NULL")];
    }
    let object = member.plain();
    let probe = site.from.column(member).is_some();
    let probe = probe.then(|| hazards::rows_where(table, &format!("{column} IS NULL")));
    let null = hazards::fails(&object, "fails where the column is null", probe);
    if !site.online || site.to.has_children(table) || site.makes_relation(table) {
        let text = "reads the whole table; nobody reads or writes it meanwhile (ACCESS EXCLUSIVE)";
        return vec![
            alter("SET NOT NULL").hazard(null).hazard(hazards::lock(&object, text, table)),
        ];
    }
    let check = quote(&serial::made_name(&table.name, &member.name, "not_null"));
    let sql = format!(
        "ALTER TABLE {table} ADD CONSTRAINT {check} CHECK ({column} IS NOT NULL) NOT VALID"
    );
    vec![
        Step::new(sql).note("The rows that are there are looked at without keeping others out."),
        Step::new(format!("ALTER TABLE {table} VALIDATE CONSTRAINT {check}"))
            .hazard(null)
            .run(Run::Later),
        alter("SET NOT NULL"),
        Step::new(format!("ALTER TABLE {table} DROP CONSTRAINT {check}")),
    ]
}

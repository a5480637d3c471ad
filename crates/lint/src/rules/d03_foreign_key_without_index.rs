//! D03: a foreign key whose columns have no index, or another type than what they refer to.

use crate::found::Found;
use crate::read::{Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::state::{ForeignKey, Table};
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "D03",
    name: "foreign-key-without-index",
    level: Level::Warning,
    says: "no index begins with {}: deleting what it refers to reads the whole table",
    rewrite: "create an index on the referring columns; give both sides one type",
    check: Check::Migration(check),
    ..Rule::BASE
};

fn check(scene: &Scene<'_>, found: &mut Found) {
    for table in scene.state.tables() {
        let before = scene.start.table(&table.name);
        for key in &table.foreign_keys {
            if before.is_some_and(|before| before.foreign_keys.contains(key)) {
                continue;
            }
            let mut statements = scene.file.statements.iter();
            let Some(statement) = statements.find(|one| is_about(one, table)) else { continue };
            let object = format!("{}({})", table.name.shown(), key.columns.join(", "));
            // MySQL makes the index itself
            if scene.is(Servers::PS) && !has_index(table, key) {
                found.add_to(statement, object.as_str());
            }
            if let Some((own, other)) = types(scene, table, key) {
                let finding = found.add_to(statement, object.as_str());
                finding.because(format!("{object} is {own} and refers to {other}"));
            }
        }
    }
}

fn is_about(statement: &Statement, table: &Table) -> bool {
    match &statement.kind {
        Kind::CreateTable(create) => create.name == table.name,
        Kind::AlterTable(alter) => alter.table == table.name,
        _ => false,
    }
}

fn has_index(table: &Table, key: &ForeignKey) -> bool {
    let starts = |columns: &[String]| {
        columns.len() >= key.columns.len()
            && columns[..key.columns.len()].iter().all(|one| key.columns.contains(one))
    };
    let listed = |columns: &[Option<String>]| -> Vec<String> {
        columns.iter().map_while(Clone::clone).collect()
    };
    starts(&table.primary_key)
        || table.indexes.iter().any(|known| starts(&listed(&known.index.columns)))
}

/// The types of the first pair of columns that differs.
fn types(scene: &Scene<'_>, table: &Table, key: &ForeignKey) -> Option<(String, String)> {
    let to = scene.state.table(&key.table)?;
    let referenced = if key.referenced.is_empty() { &to.primary_key } else { &key.referenced };
    key.columns.iter().zip(referenced).find_map(|(own, other)| {
        let own = table.column(own)?.ty.as_ref()?;
        let other = to.column(other)?.ty.as_ref()?;
        // a key that numbers itself is what it counts in
        let counts = |base: &str| base.replace("bigserial", "bigint").replace("serial", "integer");
        let differ = counts(&own.base) != counts(&other.base) || own.unsigned != other.unsigned;
        (differ && !scene.is_sqlite()).then(|| (own.text.clone(), other.text.clone()))
    })
}

#[cfg(test)]
mod tests {
    use crate::check::{mysql, postgres, sqlite};

    #[test]
    fn indexes() {
        let table = "CREATE TABLE t (a int REFERENCES p (id))";
        for rule in [postgres("D03"), sqlite("D03")] {
            rule.check(table, "D03 1:1 t(a)");
            rule.check(&format!("{table};\nCREATE INDEX i ON t (a, b)"), "");
            rule.check(&format!("{table};\nCREATE INDEX i ON t (b, a)"), "D03 1:1 t(a)");
            rule.check("CREATE TABLE t (a int PRIMARY KEY REFERENCES p (id))", "");
            rule.after(table).check("ALTER TABLE t ADD b int", "");
        }
        mysql("D03").check("CREATE TABLE t (a int, FOREIGN KEY (a) REFERENCES p (id))", "");
    }

    #[test]
    fn types() {
        let rule = mysql("D03").after("CREATE TABLE p (id bigint PRIMARY KEY)");
        let says = "t(a) is int and refers to bigint";
        rule.says("CREATE TABLE t (a int, FOREIGN KEY (a) REFERENCES p (id))", says);
        rule.check("CREATE TABLE t (a bigint, FOREIGN KEY (a) REFERENCES p (id))", "");
        let serial = postgres("D03").after("CREATE TABLE p (id serial PRIMARY KEY)");
        serial.check("CREATE TABLE t (a int UNIQUE REFERENCES p (id))", "");
    }
}

//! L19: SQLite: a table is made again without what hung on it.

use crate::found::Found;
use crate::rule::{Check, Rule};
use crate::scene::{Rebuild, Scene};
use crate::state::{KnownIndex, Table};
use crate::{Name, Servers};

pub(super) const RULE: Rule = Rule {
    id: "L19",
    name: "rebuild-loses-objects",
    servers: Servers::S,
    says: "{} is made again: its indexes and triggers go with the old table",
    rewrite: "create each index and trigger again after the rename: SELECT sql FROM sqlite_schema \
              WHERE tbl_name = …; drop views of the table before, and create them after",
    check: Check::Migration(check),
    ..Rule::BASE
};

fn check(scene: &Scene<'_>, found: &mut Found) {
    for rebuild in scene.rebuilds() {
        let statement = &scene.file.statements[rebuild.create];
        let Some(old) = scene.start.table(&rebuild.old) else {
            found.add_to(statement, rebuild.old.shown()).possible();
            continue;
        };
        let Some(new) = scene.state.table(&rebuild.old) else { continue };
        for what in lost(old, new) {
            let finding = found.add_to(statement, rebuild.old.shown());
            finding.because(format!("{} is made again without {what}", rebuild.old.shown()));
        }
        if let Some(view) = view_of(scene, &rebuild) {
            let finding = found.add_to(&scene.file.statements[rebuild.end], view.shown());
            let (view, table) = (view.shown(), rebuild.old.shown());
            finding.because(format!("the view {view} reads {table}: the rename fails"));
            finding.help("drop the view before the rebuild and create it again after");
        }
    }
}

/// What the old table has and the new one has not.
fn lost(old: &Table, new: &Table) -> Vec<String> {
    let mut lost = Vec::new();
    let same = |a: &KnownIndex, b: &KnownIndex| {
        a.index.columns == b.index.columns && a.index.unique == b.index.unique
            || a.index.name == b.index.name
    };
    for index in old.indexes.iter().filter(|known| !known.constraint) {
        // the index of a column that is gone is gone on purpose
        let columns = index.index.columns.iter().flatten();
        let wanted = columns.clone().all(|column| new.column(column).is_some());
        if wanted && !new.indexes.iter().any(|known| same(known, index)) {
            let name = index.index.name.as_deref().unwrap_or("an index");
            lost.push(format!("the index {name}"));
        }
    }
    let triggers = old.triggers.iter().filter(|trigger| !new.triggers.contains(trigger));
    lost.extend(triggers.map(|trigger| format!("the trigger {}", trigger.shown())));
    let options = [
        (old.auto_increment && !new.auto_increment, "AUTOINCREMENT"),
        (old.strict && !new.strict, "STRICT"),
        (old.without_rowid && !new.without_rowid, "WITHOUT ROWID"),
    ];
    lost.extend(options.iter().filter(|(gone, _)| *gone).map(|(_, word)| (*word).to_owned()));
    lost
}

/// A view that reads the table and is there while it is made again.
fn view_of(scene: &Scene<'_>, rebuild: &Rebuild) -> Option<Name> {
    let dropped = |view: &Name| {
        scene.file.statements[..rebuild.end].iter().any(|one| {
            matches!(&one.kind, crate::read::Kind::DropView(drop) if drop.names.contains(view))
        })
    };
    let reads = scene.start.views().filter(|view| view.reads(&rebuild.old, None));
    reads.map(|view| view.name.clone()).find(|view| !dropped(view))
}

#[cfg(test)]
mod tests {
    use crate::check::sqlite;

    const REBUILD: &str = "CREATE TABLE new (a integer PRIMARY KEY, b text);\n\
                           INSERT INTO new SELECT a, b FROM t;\nDROP TABLE t;\n\
                           ALTER TABLE new RENAME TO t";

    #[test]
    fn what_is_lost() {
        let rule = sqlite("L19");
        rule.check(REBUILD, "L19? 1:1 t");
        let plain = "CREATE TABLE t (a integer PRIMARY KEY, b text, c text)";
        rule.after(plain).check(REBUILD, "");
        let indexed = format!("{plain};\nCREATE INDEX i ON t (b);\nCREATE INDEX j ON t (c)");
        rule.after(&indexed).says(REBUILD, "t is made again without the index i");
        let again = format!("{REBUILD};\nCREATE INDEX i ON t (b)");
        rule.after(&indexed).check(&again, "");
        let trigger = format!("{plain};\nCREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END");
        rule.after(&trigger).says(REBUILD, "t is made again without the trigger g");
        let strict = "CREATE TABLE t (a integer PRIMARY KEY AUTOINCREMENT, b text) STRICT";
        let says = "t is made again without AUTOINCREMENT; t is made again without STRICT";
        rule.after(strict).says(REBUILD, says);
    }

    #[test]
    fn views() {
        let rule = sqlite("L19").after(
            "CREATE TABLE t (a integer PRIMARY KEY, b text);\nCREATE VIEW v AS SELECT a FROM t",
        );
        rule.check(REBUILD, "L19 4:1 v");
        rule.check(&format!("DROP VIEW v;\n{REBUILD};\nCREATE VIEW v AS SELECT a FROM t"), "");
    }
}

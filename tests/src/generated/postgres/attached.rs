//! Triggers and policies.

use super::column::condition;
use super::thing::{Kind, Part, Thing, column_of};
use super::world::{World, comment, word};
use crate::support::Random;

/// A trigger, when there are a function for it and something to watch.
pub(super) fn trigger(world: &mut World, random: &mut Random) -> Option<Thing> {
    let word_name = world.word("g", random);
    let functions = world.things(|kind| *kind == Kind::TriggerFunction);
    let relations: Vec<&Part> = world.parts.iter().filter(|part| watched(part)).collect();
    if functions.is_empty() || relations.is_empty() {
        return None;
    }
    let function = random.pick(&functions).name.clone();
    let part = *random.pick(&relations);
    let (relation, columns) = (part.name(), part.columns());
    let (column, family) = random.pick(&columns);
    let mut needs = vec![relation.to_owned(), function.clone()];
    let row = word(random, &["ROW", "STATEMENT"]);
    let partition = part.table().is_some_and(|table| table.of.is_some());
    let partitioned = part.table().is_some_and(|table| table.partitions.is_some());
    let plain = !partition && !partitioned;
    let (constraint, when, end) = match part.thing() {
        Some(_) => ("", "INSTEAD OF INSERT OR UPDATE", "FOR EACH ROW".to_owned()),
        None => match random.below(6) {
            0 => {
                needs.push(column_of(relation, column));
                let condition = condition(&format!("new.{column}"), *family, random);
                let when = word(random, &["BEFORE INSERT OR UPDATE", "AFTER UPDATE"]);
                ("", when, format!("FOR EACH ROW WHEN ({condition})"))
            }
            1 if plain => {
                let when = "AFTER UPDATE";
                let tables = "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows";
                ("", when, format!("{tables} FOR EACH {row}"))
            }
            2 if !partition => {
                let deferrable = word(random, &["", "DEFERRABLE INITIALLY DEFERRED "]);
                ("CONSTRAINT ", "AFTER INSERT", format!("{deferrable}FOR EACH ROW"))
            }
            3 => ("", "BEFORE DELETE", format!("FOR EACH {row}")),
            4 => ("", "AFTER TRUNCATE", "FOR EACH STATEMENT".to_owned()),
            _ => ("", "UPDATE OF", format!("FOR EACH {row}")),
        },
    };
    let when = match when {
        "UPDATE OF" => {
            needs.push(column_of(relation, column));
            format!("BEFORE UPDATE OF {column}")
        }
        when => when.to_owned(),
    };
    let mut sql = vec![format!(
        "CREATE {constraint}TRIGGER {word_name} {when} ON {relation} {end} \
         EXECUTE FUNCTION {function}('it''s', {})",
        random.below(3)
    )];
    if part.table().is_some() && random.chance(25) {
        let state = word(random, &["DISABLE", "ENABLE REPLICA", "ENABLE ALWAYS"]);
        sql.push(format!("ALTER TABLE {relation} {state} TRIGGER {word_name}"));
    }
    sql.extend(comment(&format!("TRIGGER {word_name} ON {relation}"), random));
    let name = format!("{word_name} ON {relation}");
    Some(Thing { name, kind: Kind::Trigger, needs, columns: Vec::new(), sql })
}

/// A table, or a view whose rows are those of one relation.
fn watched(part: &Part) -> bool {
    match part {
        Part::Table(_) => true,
        Part::Thing(thing) => {
            thing.kind == Kind::View
                && thing.sql.first().is_some_and(|sql| sql.starts_with("CREATE VIEW"))
        }
    }
}

/// A policy, when there is a table.
pub(super) fn policy(world: &mut World, random: &mut Random) -> Option<Thing> {
    let word_name = world.word("o", random);
    let tables = world.tables();
    if tables.is_empty() {
        return None;
    }
    let table = *random.pick(&tables);
    let columns = table.readable();
    let (column, family) = random.pick(&columns);
    let relation = &table.name;
    let mut needs = vec![relation.clone(), column_of(relation, column)];
    let mut filter = condition(column, *family, random);
    let functions = world.things(|kind| *kind == Kind::Number);
    if random.chance(25) && !functions.is_empty() {
        let function = &random.pick(&functions).name;
        needs.push(function.clone());
        filter = format!("{function}(1) > 0 AND ({filter})");
    }
    let kind = word(random, &["", "", " AS RESTRICTIVE"]);
    let (command, conditions) = match random.below(5) {
        0 => (" FOR SELECT", format!(" USING ({filter})")),
        1 => (" FOR INSERT", format!(" WITH CHECK ({filter})")),
        2 => (" FOR UPDATE", format!(" USING ({filter}) WITH CHECK (true)")),
        3 => ("", format!(" WITH CHECK ({filter})")),
        _ => ("", format!(" USING ({filter})")),
    };
    let roles = word(random, &["", "", " TO pg_monitor", " TO pg_read_all_data, pg_monitor"]);
    let mut sql =
        vec![format!("CREATE POLICY {word_name} ON {relation}{kind}{command}{roles}{conditions}")];
    sql.extend(comment(&format!("POLICY {word_name} ON {relation}"), random));
    let name = format!("{word_name} ON {relation}");
    Some(Thing { name, kind: Kind::Policy, needs, columns: Vec::new(), sql })
}

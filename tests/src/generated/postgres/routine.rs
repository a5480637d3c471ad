//! Functions and procedures.

use super::column::condition;
use super::thing::{Kind, Thing, column_of};
use super::world::{World, bare, comment, word};
use crate::support::Random;

/// Text and needs.
struct Drawn {
    /// `FUNCTION f(integer)`
    on: String,
    sql: String,
    needs: Vec<String>,
}

/// A routine.
pub(super) fn draw(world: &mut World, random: &mut Random) -> Thing {
    let (name, _) = world.name("f", random);
    let kind = match random.below(8) {
        0..=2 => Kind::Number,
        3 | 4 => Kind::TriggerFunction,
        _ => Kind::Routine,
    };
    let thing = Thing { name, kind, needs: Vec::new(), columns: Vec::new(), sql: Vec::new() };
    redraw(thing, world, random)
}

/// The same routine with another body, result or arguments.
pub(super) fn redraw(mut thing: Thing, world: &World, random: &mut Random) -> Thing {
    let name = &thing.name;
    let drawn = match thing.kind {
        Kind::Number => number(name, random),
        Kind::TriggerFunction => trigger(name, random),
        _ => other(name, world, random),
    };
    thing.needs = drawn.needs;
    if thing.name != bare(&thing.name) {
        thing.needs.push("app".to_owned());
    }
    thing.sql = vec![drawn.sql];
    thing.sql.extend(comment(&drawn.on, random));
    if random.chance(10) {
        thing.sql.push(format!("REVOKE EXECUTE ON {} FROM PUBLIC", drawn.on));
    }
    if random.chance(10) {
        thing.sql.push(format!("GRANT EXECUTE ON {} TO pg_monitor", drawn.on));
    }
    thing
}

fn number(name: &str, random: &mut Random) -> Drawn {
    let argument = word(random, &["", "a ", "a ", "\"B c\" "]);
    let result = word(random, &["integer", "integer", "bigint"]);
    let more = word(random, &["", "", ", b integer DEFAULT 7", ", b integer DEFAULT 8"]);
    let options = word(random, &["", " STRICT", " COST 50", " PARALLEL SAFE"]);
    let body = format!("SELECT $1 + {}", random.below(4));
    let sql = format!(
        "CREATE FUNCTION {name}({argument}integer{more}) RETURNS {result}\n  LANGUAGE sql \
         IMMUTABLE{options}\n  AS $_$ {body}; $_$"
    );
    let types = if more.is_empty() { "integer" } else { "integer, integer" };
    Drawn { on: format!("FUNCTION {name}({types})"), sql, needs: Vec::new() }
}

fn trigger(name: &str, random: &mut Random) -> Drawn {
    let options =
        word(random, &["", "", " SECURITY DEFINER", " SET search_path TO 'public', 'pg_temp'"]);
    let sql = format!(
        "CREATE FUNCTION {name}() RETURNS trigger\n  LANGUAGE plpgsql{options}\n  AS $$\nBEGIN\n  \
         -- it's {}\n  RETURN NEW;\nEND;\n$$",
        random.below(4)
    );
    Drawn { on: format!("FUNCTION {name}()"), sql, needs: Vec::new() }
}

fn other(name: &str, world: &World, random: &mut Random) -> Drawn {
    let readable = world.readable();
    let own = world.things(|kind| matches!(kind, Kind::Enum(_) | Kind::Composite));
    match random.below(6) {
        0 | 1 if !readable.is_empty() => {
            let (relation, columns) = random.pick(&readable);
            let (column, family) = random.pick(columns);
            let condition = condition(column, *family, random);
            let sql = format!(
                "CREATE FUNCTION {name}() RETURNS bigint\n  LANGUAGE sql STABLE\n  \
                 BEGIN ATOMIC\n  SELECT count(*) FROM {relation} WHERE {condition};\n  END"
            );
            let needs = vec![(*relation).to_owned(), column_of(relation, column)];
            Drawn { on: format!("FUNCTION {name}()"), sql, needs }
        }
        2 if !readable.is_empty() => {
            let (relation, columns) = random.pick(&readable);
            let (column, _) = random.pick(columns);
            let body = format!("SELECT count({column}) FROM {relation}").replace('\'', "''");
            let sql = format!(
                "CREATE FUNCTION {name}(n integer, VARIADIC w text[]) RETURNS TABLE(a bigint)\n  \
                 LANGUAGE sql\n  AS '{body}'"
            );
            let needs = vec![(*relation).to_owned(), column_of(relation, column)];
            Drawn { on: format!("FUNCTION {name}(integer, text[])"), sql, needs }
        }
        3 if !readable.is_empty() => {
            let (relation, _) = random.pick(&readable);
            let sql = format!(
                "CREATE FUNCTION {name}(r {relation}) RETURNS SETOF {relation}\n  LANGUAGE sql \
                 STABLE ROWS {}\n  AS 'SELECT r.*'",
                1 + random.below(3)
            );
            let needs = vec![(*relation).to_owned()];
            Drawn { on: format!("FUNCTION {name}({relation})"), sql, needs }
        }
        4 if !own.is_empty() => {
            let own = random.pick(&own).name.clone();
            let sql = format!(
                "CREATE FUNCTION {name}(x {own}, OUT a text, OUT b integer)\n  LANGUAGE plpgsql\n  \
                 AS $$ BEGIN a := x::text; b := {}; END $$",
                random.below(4)
            );
            Drawn { on: format!("FUNCTION {name}({own})"), sql, needs: vec![own] }
        }
        _ => {
            let out = word(random, &["OUT c text", "INOUT c text", "INOUT d text"]);
            let sql = format!(
                "CREATE PROCEDURE {name}(a integer, {out})\n  LANGUAGE plpgsql\n  \
                 AS $$ BEGIN NULL; -- {}\nEND $$",
                random.below(4)
            );
            let mode = out.split(' ').next().unwrap_or_default();
            Drawn { on: format!("PROCEDURE {name}(integer, {mode} text)"), sql, needs: vec![] }
        }
    }
}

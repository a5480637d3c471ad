//! PostgreSQL. What cannot run in a transaction block is what the server gives to
//! `PreventInTransactionBlock()` (src/backend/tcop/utility.c).

use super::kinds::{Kind, POSTGRES};
use super::names::{list, name, name_on, renamed};
use super::read::rollback;
use super::{Control, Effects, ObjectKind, ObjectRef, Reach, Words};
use crate::TokenKind;

const FIRST: [&str; 25] = [
    "BEGIN",
    "START",
    "COMMIT",
    "END",
    "ROLLBACK",
    "ABORT",
    "SAVEPOINT",
    "RELEASE",
    "PREPARE",
    "CREATE",
    "ALTER",
    "DROP",
    "TRUNCATE",
    "COMMENT",
    "GRANT",
    "REVOKE",
    "SECURITY",
    "REASSIGN",
    "IMPORT",
    "REINDEX",
    "REFRESH",
    "VACUUM",
    "CLUSTER",
    "DISCARD",
    "COPY",
];

/// What stands between `CREATE` (or `ALTER`, `DROP`) and the kind.
const MODIFIERS: [&str; 16] = [
    "OR",
    "REPLACE",
    "GLOBAL",
    "LOCAL",
    "TEMP",
    "TEMPORARY",
    "UNLOGGED",
    "UNIQUE",
    "RECURSIVE",
    "CONSTRAINT",
    "MATERIALIZED",
    "TRUSTED",
    "PROCEDURAL",
    "DEFAULT",
    "EVENT",
    "FOREIGN",
];

pub(super) fn effects(words: &mut Words<'_>) -> Effects {
    let Some(first) = words.eat_one(&FIRST) else {
        return Effects::default();
    };
    match first {
        "BEGIN" => Effects::control(Control::Begin),
        "START" if words.eat("TRANSACTION") => Effects::control(Control::Begin),
        "COMMIT" | "ROLLBACK" if words.eat("PREPARED") => Effects::alone(),
        "COMMIT" | "END" => Effects::control(Control::Commit),
        "ROLLBACK" | "ABORT" => rollback(words),
        "SAVEPOINT" | "RELEASE" => Effects::control(Control::Savepoint),
        // it takes the transaction away from the session
        "PREPARE" if words.eat("TRANSACTION") => Effects::control(Control::Rollback),
        "CREATE" => create(words),
        "ALTER" => alter(words),
        "DROP" => drop(words),
        "TRUNCATE" => {
            words.eat("TABLE");
            Effects { objects: list(words, ObjectKind::Table), ..Effects::ddl() }
        }
        "COMMENT" => comment(words),
        "GRANT" | "REVOKE" => grant(words),
        "SECURITY" => Effects::ddl(),
        "REASSIGN" => Effects { reach: Some(Reach::Roles), ..Effects::ddl() },
        "IMPORT" => Effects { reach: Some(Reach::Replication), ..Effects::ddl() },
        "REINDEX" => reindex(words),
        "REFRESH" => refresh(words),
        "VACUUM" => Effects::alone(),
        "CLUSTER" => {
            words.eat("VERBOSE");
            words.skip_parentheses();
            Effects { alone: name(words).is_none(), ..Effects::default() }
        }
        "DISCARD" => Effects { alone: words.eat("ALL"), ..Effects::default() },
        "COPY" => copy(words),
        _ => Effects::default(),
    }
}

/// A kind, and whether it is `FOREIGN` or an `EVENT` trigger, which are kinds of their own.
fn kind(words: &mut Words<'_>) -> Option<Kind> {
    if words.eat_all(&["USER", "MAPPING"]) {
        return Some(Kind {
            word: "USER MAPPING",
            object: ObjectKind::Other,
            reach: Some(Reach::Replication),
        });
    }
    let mut foreign = false;
    let mut event = false;
    while let Some(modifier) = words.eat_one(&MODIFIERS) {
        foreign |= modifier == "FOREIGN";
        event |= modifier == "EVENT";
    }
    let kind = *POSTGRES.iter().find(|kind| words.eat(kind.word))?;
    match (foreign, event) {
        (true, _) => Some(Kind { reach: Some(Reach::Replication), ..kind }),
        (_, true) => Some(Kind { object: ObjectKind::Other, ..kind }),
        _ => Some(kind),
    }
}

fn create(words: &mut Words<'_>) -> Effects {
    let Some(kind) = kind(words) else {
        return Effects::ddl();
    };
    let concurrently = kind.object == ObjectKind::Index && words.eat("CONCURRENTLY");
    words.skip_if_exists();
    let object = match kind.word {
        "INDEX" | "POLICY" => name_on(words, kind.object),
        "TRIGGER" if kind.object == ObjectKind::Trigger => name_on(words, kind.object),
        "SCHEMA" if words.eat("AUTHORIZATION") => None,
        "USER MAPPING" => None,
        _ => name(words).and_then(|name| name.object(kind.object)),
    };
    Effects {
        alone: concurrently || is_alone(kind),
        concurrently,
        reach: kind.reach,
        objects: object.into_iter().collect(),
        ..Effects::ddl()
    }
}

/// `CREATE` and `DROP` of these never run in a transaction block. (A subscription may, without a
/// replication slot; alone is right for it too.)
fn is_alone(kind: Kind) -> bool {
    matches!(kind.word, "DATABASE" | "TABLESPACE" | "SUBSCRIPTION")
}

fn alter(words: &mut Words<'_>) -> Effects {
    if words.eat_all(&["DEFAULT", "PRIVILEGES"]) {
        return Effects::ddl();
    }
    let Some(kind) = kind(words) else {
        return Effects::ddl();
    };
    let mut effects = Effects { reach: kind.reach, ..Effects::ddl() };
    if kind.word == "SYSTEM" {
        return Effects { alone: true, ..effects };
    }
    if kind.word == "USER MAPPING" || words.eat_all(&["ALL", "IN", "TABLESPACE"]) {
        return effects;
    }
    words.skip_if_exists();
    words.eat("ONLY");
    let object = name(words).and_then(|name| name.object(kind.object));
    words.skip_parentheses();
    actions(words, kind, object.as_ref(), &mut effects);
    effects.objects.splice(0..0, object);
    effects
}

/// What follows the name: the parts that name further objects or cannot run in a transaction.
fn actions(words: &mut Words<'_>, kind: Kind, object: Option<&ObjectRef>, effects: &mut Effects) {
    const ACTIONS: [&str; 6] = ["RENAME", "SET", "ATTACH", "DETACH", "REFRESH", "PUBLICATION"];
    while let Some(action) = words.seek(&ACTIONS) {
        match action {
            "RENAME" if words.eat("TO") => {
                effects.objects.extend(object.and_then(|object| renamed(object, words)));
            }
            "SET" if words.eat("SCHEMA") => {
                let schema = name(words).and_then(|name| name.object(ObjectKind::Other));
                effects.objects.extend(object.zip(schema).map(|(object, schema)| ObjectRef {
                    schema: Some(schema.name),
                    ..object.clone()
                }));
            }
            "SET" if kind.word == "DATABASE" && words.eat("TABLESPACE") => effects.alone = true,
            "ATTACH" | "DETACH" if words.eat("PARTITION") => {
                effects.objects.extend(name(words).and_then(|name| name.object(kind.object)));
                if action == "DETACH" && words.eat("CONCURRENTLY") {
                    effects.alone = true;
                    effects.concurrently = true;
                }
            }
            "REFRESH" | "PUBLICATION" if kind.word == "SUBSCRIPTION" => effects.alone = true,
            _ => {}
        }
    }
}

fn drop(words: &mut Words<'_>) -> Effects {
    if words.eat("OWNED") {
        return Effects { reach: Some(Reach::Roles), ..Effects::ddl() };
    }
    let Some(kind) = kind(words) else {
        return Effects::ddl();
    };
    let concurrently = kind.object == ObjectKind::Index && words.eat("CONCURRENTLY");
    words.skip_if_exists();
    let objects = match kind.word {
        "USER MAPPING" => Vec::new(),
        "TRIGGER" | "POLICY" | "RULE" => name_on(words, kind.object).into_iter().collect(),
        _ => list(words, kind.object),
    };
    Effects {
        alone: concurrently || is_alone(kind),
        concurrently,
        reach: kind.reach,
        objects,
        ..Effects::ddl()
    }
}

fn comment(words: &mut Words<'_>) -> Effects {
    let mut effects = Effects::ddl();
    if !words.eat("ON") {
        return effects;
    }
    if words.eat("COLUMN") {
        effects.objects.extend(name(words).and_then(super::names::Name::table));
    } else if let Some(kind) = kind(words) {
        effects.reach = kind.reach;
        effects.objects.extend(name(words).and_then(|name| name.object(kind.object)));
    }
    effects
}

/// With `ON` a privilege on an object, without it a role's membership.
fn grant(words: &mut Words<'_>) -> Effects {
    let reach = match words.seek(&["ON", "TO", "FROM"]) {
        Some("ON") if words.eat("DATABASE") || words.eat("TABLESPACE") => Some(Reach::Database),
        Some("ON") if words.eat("PARAMETER") => Some(Reach::Server),
        Some("ON") if words.eat("FOREIGN") => Some(Reach::Replication),
        Some("ON") => None,
        _ => Some(Reach::Roles),
    };
    Effects { reach, ..Effects::ddl() }
}

fn reindex(words: &mut Words<'_>) -> Effects {
    let mut concurrently = false;
    if words.eat_symbol("(") {
        // options without a value are on
        while let Some(item) = words.next()
            && !item.is_symbol(")")
        {
            concurrently |= item.is_word("CONCURRENTLY")
                && !words.peek(0).is_some_and(|value| is_off(value.text));
        }
    }
    let object = words.eat_one(&["INDEX", "TABLE", "SCHEMA", "DATABASE", "SYSTEM"]);
    concurrently |= words.eat("CONCURRENTLY");
    let many = matches!(object, Some("SCHEMA" | "DATABASE" | "SYSTEM"));
    let kind = if object == Some("INDEX") { ObjectKind::Index } else { ObjectKind::Table };
    let name = if many { None } else { name(words).and_then(|name| name.object(kind)) };
    Effects {
        alone: concurrently || many,
        concurrently,
        objects: name.into_iter().collect(),
        ..Effects::default()
    }
}

fn is_off(value: &str) -> bool {
    ["false", "off", "0", "'false'", "'off'"].iter().any(|off| value.eq_ignore_ascii_case(off))
}

/// `REFRESH MATERIALIZED VIEW CONCURRENTLY` runs in a transaction and waits for nobody's
/// snapshot, so it is no `concurrently` here.
fn refresh(words: &mut Words<'_>) -> Effects {
    let view = words.eat_all(&["MATERIALIZED", "VIEW"]);
    words.eat("CONCURRENTLY");
    let object = if view { name(words) } else { None };
    let object = object.and_then(|name| name.object(ObjectKind::View));
    Effects { objects: object.into_iter().collect(), ..Effects::default() }
}

fn copy(words: &mut Words<'_>) -> Effects {
    let direction = words.seek(&["FROM", "TO"]);
    let file = direction.is_some()
        && words.peek(0).is_some_and(|item| {
            item.is_word("PROGRAM")
                || matches!(item.kind, TokenKind::String | TokenKind::DollarString)
        });
    Effects { reach: file.then_some(Reach::Files), ..Effects::default() }
}

//! MySQL and MariaDB. What commits by itself is the manual's section "Statements That Cause an
//! Implicit Commit"; to that come statements whose text is not known here (`CALL`, `EXECUTE`).

use super::kinds::{Kind, MYSQL};
use super::names::{list, name, name_on, renamed};
use super::read::rollback;
use super::{Control, Effects, ObjectKind, ObjectRef, Reach, Words};
use crate::TokenKind;

pub(super) fn effects(words: &mut Words<'_>) -> Effects {
    // MariaDB: `SET STATEMENT variable = value FOR statement`
    while words.eat_all(&["SET", "STATEMENT"]) {
        words.seek(&["FOR"]);
    }
    let Some(first) = words.next().filter(|item| item.kind == TokenKind::Word) else {
        return Effects::default();
    };
    if words.eat_symbol(":") {
        return Effects::alone(); // a label: MariaDB has compound statements outside of routines
    }
    let far = |reach| Effects { reach: Some(reach), ..Effects::alone() };
    match first.text.to_ascii_uppercase().as_str() {
        "BEGIN" if words.eat("NOT") => Effects::alone(),
        "BEGIN" => Effects::control(Control::Begin),
        "START" if words.eat("TRANSACTION") => Effects::control(Control::Begin),
        "COMMIT" => Effects::control(Control::Commit),
        "ROLLBACK" => rollback(words),
        "SAVEPOINT" => Effects::control(Control::Savepoint),
        "RELEASE" if words.eat("SAVEPOINT") => Effects::control(Control::Savepoint),
        "CREATE" => create(words),
        "ALTER" => alter(words),
        "DROP" | "DEALLOCATE" if words.eat("PREPARE") => Effects::default(),
        "DROP" => drop(words),
        "RENAME" => rename(words),
        "TRUNCATE" => {
            words.eat("TABLE");
            Effects { objects: list(words, ObjectKind::Table), alone: true, ..Effects::ddl() }
        }
        "GRANT" | "REVOKE" => Effects { ddl: true, ..far(Reach::Roles) },
        "SET" => set(words),
        "LOCK" if words.eat("INSTANCE") => far(Reach::Server),
        "UNLOCK" if words.eat("INSTANCE") => far(Reach::Server),
        "ANALYZE" | "OPTIMIZE" | "REPAIR" | "CHECK" => maintain(words),
        "FLUSH" | "INSTALL" | "UNINSTALL" | "SHUTDOWN" | "RESTART" | "KILL" | "CLONE"
        | "BACKUP" => far(Reach::Server),
        "RESET" if words.eat("PERSIST") => far(Reach::Server),
        "CHANGE" | "START" | "STOP" | "RESET" | "PURGE" => far(Reach::Replication),
        "IMPORT" => far(Reach::Files),
        "LOAD" if words.eat("INDEX") => Effects::alone(),
        "LOAD" => Effects { reach: Some(Reach::Files), ..Effects::default() },
        "USE" => Effects { reach: Some(Reach::Database), ..Effects::default() },
        "LOCK" | "UNLOCK" | "CACHE" | "XA" | "CALL" | "EXECUTE" => Effects::alone(),
        // compound statements outside of routines, MariaDB only
        "IF" | "CASE" | "LOOP" | "REPEAT" | "WHILE" | "FOR" => Effects::alone(),
        "SELECT" | "WITH" | "TABLE" | "VALUES" => select(words),
        _ => Effects::default(),
    }
}

/// The kind, past definer, algorithm and the like; and whether it is temporary: `CREATE TEMPORARY
/// TABLE` does not commit (`CREATE TEMPORARY SEQUENCE` does).
fn kind(words: &mut Words<'_>) -> Option<(Kind, bool)> {
    let mut temporary = false;
    loop {
        if let Some(kind) = MYSQL.iter().find(|kind| words.eat(kind.word)) {
            // `SPATIAL INDEX`, but `SPATIAL REFERENCE SYSTEM`
            let modifies = kind.word == "SPATIAL" && words.eat("INDEX");
            let index = MYSQL.iter().find(|kind| kind.object == ObjectKind::Index);
            return Some((if modifies { *index? } else { *kind }, temporary));
        }
        temporary |= words.peek(0)?.is_word("TEMPORARY");
        words.pass();
    }
}

fn create(words: &mut Words<'_>) -> Effects {
    let Some((kind, temporary)) = kind(words) else {
        return Effects { alone: true, ..Effects::ddl() };
    };
    if kind.word == "PACKAGE" {
        words.eat("BODY");
    }
    words.skip_if_exists();
    let object = match kind.object {
        ObjectKind::Index | ObjectKind::Trigger => name_on(words, kind.object),
        _ if kind.reach == Some(Reach::Roles) => None,
        object => name(words).and_then(|name| name.object(object)),
    };
    let loaded = kind.object == ObjectKind::Routine && is_loaded(words);
    Effects {
        alone: !(temporary && kind.object == ObjectKind::Table),
        reach: if loaded { Some(Reach::Server) } else { kind.reach },
        objects: object.into_iter().collect(),
        ..Effects::ddl()
    }
}

/// `RETURNS type SONAME 'library'`
fn is_loaded(words: &mut Words<'_>) -> bool {
    words.eat("RETURNS") && words.peek(1).is_some_and(|item| item.is_word("SONAME"))
}

fn alter(words: &mut Words<'_>) -> Effects {
    let Some((kind, _)) = kind(words) else {
        return Effects { alone: true, ..Effects::ddl() };
    };
    let mut effects = Effects { alone: true, reach: kind.reach, ..Effects::ddl() };
    words.skip_if_exists();
    if kind.object == ObjectKind::Database && is_database_option(words) {
        // the current database
        effects.reach = None;
        return effects;
    }
    if kind.reach == Some(Reach::Roles) {
        return effects;
    }
    let object = name(words).and_then(|name| name.object(kind.object));
    if let Some(object) = &object {
        while words.seek(&["RENAME"]).is_some() {
            let other = words.eat_one(&["COLUMN", "INDEX", "KEY"]).is_some();
            if !other {
                let _ = words.eat("TO") || words.eat("AS") || words.eat_symbol("=");
                effects.objects.extend(renamed(object, words));
            }
        }
    }
    effects.objects.splice(0..0, object);
    effects
}

/// `ALTER DATABASE CHARACTER SET …` names no database.
fn is_database_option(words: &mut Words<'_>) -> bool {
    const OPTIONS: [&str; 6] =
        ["DEFAULT", "CHARACTER", "CHARSET", "COLLATE", "ENCRYPTION", "COMMENT"];
    words.peek(0).is_some_and(|item| OPTIONS.iter().any(|option| item.is_word(option)))
}

fn drop(words: &mut Words<'_>) -> Effects {
    let Some((kind, temporary)) = kind(words) else {
        return Effects { alone: true, ..Effects::ddl() };
    };
    if kind.word == "PACKAGE" {
        words.eat("BODY");
    }
    words.skip_if_exists();
    let objects = match kind.object {
        ObjectKind::Index => name_on(words, kind.object).into_iter().collect(),
        _ if kind.reach == Some(Reach::Roles) => Vec::new(),
        object => list(words, object),
    };
    let alone = !(temporary && kind.object == ObjectKind::Table);
    Effects { alone, reach: kind.reach, objects, ..Effects::ddl() }
}

/// `RENAME TABLE a TO b, c TO d`
fn rename(words: &mut Words<'_>) -> Effects {
    if words.eat("USER") {
        return Effects { alone: true, reach: Some(Reach::Roles), ..Effects::ddl() };
    }
    words.eat_any(&["TABLE", "TABLES"]);
    words.skip_if_exists();
    let mut objects: Vec<ObjectRef> = Vec::new();
    while let Some(old) = name(words).and_then(|name| name.object(ObjectKind::Table)) {
        let new = words.seek(&["TO"]).and_then(|_| renamed(&old, words));
        objects.push(old);
        objects.extend(new);
        if !words.eat_symbol(",") {
            break;
        }
    }
    Effects { alone: true, objects, ..Effects::ddl() }
}

/// `ANALYZE TABLE` and its kin; MariaDB's `ANALYZE SELECT` is another statement.
fn maintain(words: &mut Words<'_>) -> Effects {
    words.eat_any(&["NO_WRITE_TO_BINLOG", "LOCAL"]);
    let tables = words.eat_one(&["TABLE", "TABLES", "VIEW"]).is_some();
    Effects { alone: tables, ..Effects::default() }
}

fn set(words: &mut Words<'_>) -> Effects {
    if words.eat("PASSWORD") || words.eat_all(&["DEFAULT", "ROLE"]) {
        return Effects { reach: Some(Reach::Roles), ..Effects::alone() };
    }
    let mut found = Effects::default();
    loop {
        assignment(words, &mut found);
        while words.peek(0).is_some_and(|item| !item.is_symbol(",")) {
            words.pass();
        }
        if !words.eat_symbol(",") {
            return found;
        }
    }
}

/// `[GLOBAL|SESSION|…] name = value`, `@@global.name = value`. Any change of `autocommit` may
/// commit, and what follows would depend on it.
fn assignment(words: &mut Words<'_>, found: &mut Effects) {
    let Some(scope) = words.peek(0) else { return };
    let scope = system_variable(scope.text);
    let is = |names: &[&str]| names.iter().any(|name| scope.eq_ignore_ascii_case(name));
    if is(&["GLOBAL", "PERSIST", "PERSIST_ONLY"]) {
        found.reach = Some(Reach::Server);
    }
    if is(&["GLOBAL", "PERSIST", "PERSIST_ONLY", "SESSION", "LOCAL"]) {
        words.next();
        words.eat_symbol(".");
    }
    let autocommit = words.peek(0).is_some_and(|item| {
        system_variable(item.text).trim_matches('`').eq_ignore_ascii_case("autocommit")
    });
    found.alone |= autocommit && found.reach.is_none();
}

/// `@@name` is a variable of the server, `@name` one of the user.
fn system_variable(text: &str) -> &str {
    text.strip_prefix("@@").unwrap_or(text)
}

fn select(words: &mut Words<'_>) -> Effects {
    let mut previous_into = false;
    let writes = words.any(|item| {
        let writes = previous_into && (item.is_word("OUTFILE") || item.is_word("DUMPFILE"));
        previous_into = item.is_word("INTO");
        writes
    });
    Effects { reach: writes.then_some(Reach::Files), ..Effects::default() }
}

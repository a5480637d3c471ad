//! A schema as the server's own tools print it, made comparable: whitespace and quotes are
//! normalised; on PostgreSQL and SQLite the order of columns does not count.

use xtask_db_sql::{Dialect, Syntax, TokenKind, lex, split};

use crate::support::{Database, Kind, dump};

/// One text per object, sorted. `pg_dump`, `SHOW CREATE`, `sqlite_schema`.
///
/// # Panics
/// The server or its tool does not answer.
#[must_use]
pub fn independent(database: &Database) -> Vec<String> {
    let mut texts = match database.kind() {
        Kind::Sqlite => sqlite(database),
        Kind::Postgres | Kind::PgBouncer => postgres(database),
        Kind::MariaDb => mariadb(database),
    };
    texts.sort();
    texts
}

fn sqlite(database: &Database) -> Vec<String> {
    // A module makes its shadow tables as it likes.
    let sql = "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL \
         AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT IN \
         (SELECT name FROM pragma_table_list WHERE type = 'shadow')";
    let text = |row: Vec<Option<String>>| {
        let mut row = row.into_iter().map(Option::unwrap_or_default);
        let (kind, name) = (row.next().unwrap_or_default(), row.next().unwrap_or_default());
        let table = row.next().unwrap_or_default();
        let sql = row.next().unwrap_or_default();
        let sorted = kind == "table" && !sql.to_uppercase().starts_with("CREATE VIRTUAL");
        format!("{kind} {name} {table}: {}", flat(&sql, Dialect::Sqlite, sorted))
    };
    database.rows(sql).into_iter().map(text).collect()
}

fn postgres(database: &Database) -> Vec<String> {
    let text = dump(database);
    let syntax = Syntax::of(Dialect::Postgres);
    let Ok(script) = split(&text, syntax) else { return vec![text] };
    let statement = |statement: &xtask_db_sql::Statement| {
        let sql = &text[statement.span.range()];
        let start = plain(sql, Dialect::Postgres);
        let sorted =
            start.starts_with("CREATE TABLE") || start.starts_with("CREATE UNLOGGED TABLE");
        flat(sql, Dialect::Postgres, sorted)
    };
    script.statements.iter().map(statement).collect()
}

fn mariadb(database: &Database) -> Vec<String> {
    let names = "SELECT TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES \
         WHERE TABLE_SCHEMA = DATABASE()";
    let mut objects: Vec<(String, String)> = Vec::new();
    for row in database.rows(names) {
        let mut row = row.into_iter().flatten();
        let (Some(name), Some(kind)) = (row.next(), row.next()) else { continue };
        let kind = match kind.as_str() {
            "VIEW" => "VIEW",
            "SEQUENCE" => "SEQUENCE",
            _ => "TABLE",
        };
        objects.push((kind.to_owned(), name));
    }
    let others = "SELECT ROUTINE_TYPE, ROUTINE_NAME FROM information_schema.ROUTINES \
         WHERE ROUTINE_SCHEMA = DATABASE()";
    for row in database.rows(others) {
        let mut row = row.into_iter().flatten();
        if let (Some(kind), Some(name)) = (row.next(), row.next()) {
            objects.push((kind, name));
        }
    }
    let texts = objects.into_iter().map(|(kind, name)| shown(database, &kind, &name));
    texts.chain(triggers(database)).chain(events(database)).collect()
}

/// `SHOW CREATE TRIGGER` keeps the spaces and the case in which a trigger was written, and how it
/// was told its order.
fn triggers(database: &Database) -> Vec<String> {
    let sql = "SELECT 'TRIGGER', TRIGGER_NAME, ACTION_TIMING, EVENT_MANIPULATION, \
         EVENT_OBJECT_TABLE, ACTION_ORDER, SQL_MODE, ACTION_STATEMENT \
         FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()";
    let text = |row: Vec<Option<String>>| row.into_iter().flatten().collect::<Vec<_>>().join(" ");
    database.rows(sql).into_iter().map(text).collect()
}

/// `SHOW CREATE EVENT` prints the second of the creation where no start was given.
fn events(database: &Database) -> Vec<String> {
    let sql = "SELECT 'EVENT', EVENT_NAME, EXECUTE_AT, INTERVAL_VALUE, INTERVAL_FIELD, \
         IF(STARTS = CREATED, NULL, STARTS), ENDS, STATUS, ON_COMPLETION, EVENT_COMMENT, \
         SQL_MODE, EVENT_DEFINITION FROM information_schema.EVENTS \
         WHERE EVENT_SCHEMA = DATABASE()";
    let text = |row: Vec<Option<String>>| row.into_iter().flatten().collect::<Vec<_>>().join(" ");
    database.rows(sql).into_iter().map(text).collect()
}

/// The text of `SHOW CREATE`, its keys sorted: their order says nothing.
fn shown(database: &Database, kind: &str, name: &str) -> String {
    let quoted = format!("`{}`", name.replace('`', "``"));
    let rows = database.rows(&format!("SHOW CREATE {kind} {quoted}"));
    let row = rows.into_iter().next().unwrap_or_default();
    let create = row.into_iter().flatten().find(|cell| cell.starts_with("CREATE "));
    let mut lines: Vec<String> = Vec::new();
    let mut keys: Vec<String> = Vec::new();
    // Functions and sequences are printed with their database.
    let here = database.rows("SELECT DATABASE()").into_iter().flatten().flatten().next();
    let own = format!("`{}`.", here.unwrap_or_default());
    for line in create.unwrap_or_default().replace(&own, "").lines() {
        let line = line.trim().trim_end_matches(',').to_owned();
        let column = line.starts_with('`') || line.starts_with("CREATE ");
        match kind == "TABLE" && !column && !line.starts_with(')') {
            true => keys.push(line),
            false => lines.push(counterless(&line)),
        }
    }
    keys.sort();
    lines.extend(keys);
    format!("{kind} {name}: {}", lines.join("\n"))
}

/// The counter is data; what only Aria looks at stays with a table for ever.
fn counterless(line: &str) -> String {
    let aria = line.contains(" ENGINE=Aria ");
    let passed = |word: &str| {
        word.starts_with("AUTO_INCREMENT=")
            || word == "PAGE_CHECKSUM=1"
            || (!aria && ["PAGE_CHECKSUM=", "TRANSACTIONAL="].iter().any(|it| word.starts_with(it)))
    };
    let words = line.split(' ').filter(|word| !passed(word));
    words.collect::<Vec<_>>().join(" ")
}

/// A statement with one space between its tokens and no quotes that are not needed; with
/// `sorted`, what stands between its outer commas in order of text.
fn flat(sql: &str, dialect: Dialect, sorted: bool) -> String {
    let (mut head, mut items, mut tail) = (Vec::new(), vec![Vec::new()], Vec::new());
    let mut depth = 0_usize;
    let mut closed = false;
    for token in lex(sql, Syntax::of(dialect)) {
        let Some(text) = told(&sql[token.span.range()], token.kind, dialect) else { continue };
        match text.as_str() {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if closed {
            tail.push(text);
        } else if depth == 0 && text == ")" {
            closed = sorted;
            tail.push(text);
        } else if depth == 0
            || (depth == 1 && text == "(" && items.len() == 1 && items[0].is_empty())
        {
            head.push(text);
        } else if depth == 1 && text == "," && sorted {
            items.push(Vec::new());
        } else if let Some(item) = items.last_mut() {
            item.push(text);
        }
    }
    if !sorted {
        return plain(sql, dialect);
    }
    let mut items: Vec<String> = items.into_iter().map(|item| item.join(" ")).collect();
    items.sort();
    format!("{} {} {}", head.join(" "), items.join(", "), tail.join(" "))
}

fn plain(sql: &str, dialect: Dialect) -> String {
    let token = |token: xtask_db_sql::Token| told(&sql[token.span.range()], token.kind, dialect);
    let texts: Vec<String> = lex(sql, Syntax::of(dialect)).into_iter().filter_map(token).collect();
    texts.join(" ")
}

/// A token as it is compared; SQLite's names have no case.
fn told(text: &str, kind: TokenKind, dialect: Dialect) -> Option<String> {
    let text = match kind {
        TokenKind::Whitespace | TokenKind::Comment => return None,
        TokenKind::QuotedIdent => unquoted(text),
        TokenKind::Word => text.to_owned(),
        _ => return Some(text.to_owned()),
    };
    Some(if dialect == Dialect::Sqlite { text.to_lowercase() } else { text })
}

/// `"a""b"` is `a"b`; SQLite takes `[a]` and backquotes too.
fn unquoted(text: &str) -> String {
    let quote = text.chars().next().unwrap_or('"');
    let inner = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
    inner.replace(&format!("{quote}{quote}"), &quote.to_string())
}

//! The keys of the configuration.

/// What a key's value looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    List,
    Flag,
    Count,
    /// A table with keys of its own.
    Table(&'static [Key]),
}

/// A key, what it holds, and what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) about: &'static str,
}

/// Every key, in the order in which `config` shows them.
pub(crate) const KEYS: &[Key] = &[
    key("url", Kind::Text, "the database; env:NAME reads a variable"),
    key("migrations", Kind::Text, "the folder of the migrations"),
    key("schema", Kind::Text, "the declared schema: a file, or a folder of .sql files"),
    key("seeds", Kind::Text, "the folder of the seeds"),
    key("seed-command", Kind::Text, "a command that seeds, run after the files"),
    key("history-table", Kind::Text, "the ledger of a new lock file"),
    key("schemas", Kind::List, "PostgreSQL schemas that belong to the project"),
    key("ignore", Kind::List, "names that are never dropped; * stands for any characters"),
    key("search-path", Kind::Text, "PostgreSQL: where unqualified names go"),
    key("sql-mode", Kind::Text, "MySQL: the session's sql_mode"),
    key("session", Kind::List, "statements run after connecting"),
    key("statement-timeout", Kind::Text, "how long one statement may run, such as 30s or 10m"),
    key("after-migrate", Kind::List, "commands run after migrate: generators"),
    key("types", Kind::Text, "the Rust file that generate writes: a struct for each table"),
    key("types-time", Kind::Text, "the crate of its dates and times: time or chrono"),
    key("types-map", Kind::List, "Rust types of SQL types or columns: citext = String"),
    key("types-names", Kind::List, "names of its structs and enums: users = User"),
    key("types-derive", Kind::List, "derived there beside what always is"),
    key("shadow-url", Kind::Text, "a database for replays, where none can be created"),
    key("shadow-init", Kind::Text, "SQL run on the shadow first: roles, extensions"),
    key("protected", Kind::Flag, "development commands refuse"),
    key("backfill", Kind::Text, "run or separate: whether deploy runs backfills itself"),
    key("backup", Kind::Text, "never, offered or required before deploy"),
    key("backups", Kind::Text, "the folder of the backups"),
    key("backup-max-age", Kind::Text, "how old a backup may be that deploy accepts: 30m, 1h"),
    key("backup-keep", Kind::Count, "how many backups of a database are kept"),
    key("backup-command", Kind::Text, "a command that makes the backup: a provider's snapshot"),
    key("backup-tools", Kind::Text, "the folder of pg_dump or mariadb-dump"),
    key("backup-url", Kind::Text, "the same database past a pooler, for the dump"),
    key("seed", Kind::Text, "auto, manual or never"),
    key("lint", Kind::Table(&LINT), "which rules of lint count, and for which server"),
    key("env", Kind::Text, "settings of one environment, a table each"),
];

/// The keys of `lint`.
pub(crate) const LINT: [Key; 7] = [
    key("error", Kind::List, "rules, or letters of classes, that fail the command"),
    key("warning", Kind::List, "rules that are told"),
    key("note", Kind::List, "rules that are told in a line"),
    key("off", Kind::List, "rules that are not applied"),
    key("server", Kind::Text, "the server and its version: postgres 15, mariadb 10.11"),
    key("large-rows", Kind::Count, "rows from which on a table is large"),
    key("stats", Kind::Text, "the file that stats writes, with the sizes of tables"),
];

const fn key(name: &'static str, kind: Kind, about: &'static str) -> Key {
    Key { name, kind, about }
}

/// The key with this name.
pub(crate) fn find(keys: &'static [Key], name: &str) -> Option<&'static Key> {
    keys.iter().find(|key| key.name == name)
}

/// The key a misspelt name most likely means.
pub(crate) fn nearest(keys: &[Key], name: &str) -> Option<&'static str> {
    let scored = keys.iter().map(|key| (distance(name, key.name), key.name));
    scored.min().filter(|(distance, _)| *distance <= 3).map(|(_, name)| name)
}

/// Edits that turn one name into the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let cost = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

/// The environment variable of a key: `history-table` is `XTASK_DB_HISTORY_TABLE`.
pub(crate) fn variable(name: &str) -> String {
    format!("XTASK_DB_{}", name.to_uppercase().replace('-', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_key_finds_its_neighbour() {
        let check = |name, expected| assert_eq!(nearest(KEYS, name), expected, "{name}");
        check("migration", Some("migrations"));
        check("histroy-table", Some("history-table"));
        check("sesion", Some("session"));
        check("completely-else", None);
    }
}

//! The configuration keys: names, kinds, and the nearest to a misspelt one.

/// What a key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A string.
    Text,
    /// A list of strings; in a variable the items are separated by this character.
    List(char),
    /// `true` or `false`.
    Flag,
    /// One of these words.
    Word(&'static [&'static str]),
}

/// A key, as written in TOML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
}

/// The table of environments, which is no key of its own.
pub(crate) const ENVIRONMENTS: &str = "env";

macro_rules! keys {
    ($($constant:ident $name:literal $kind:expr;)*) => {
        $(pub(crate) const $constant: Key = Key { name: $name, kind: $kind };)*

        /// Every key, in the order `config` prints them.
        pub(crate) const KEYS: &[Key] = &[$($constant),*];
    };
}

keys! {
    URL "url" Kind::Text;
    MIGRATIONS "migrations" Kind::Text;
    SCHEMA "schema" Kind::Text;
    SEEDS "seeds" Kind::Text;
    HISTORY_TABLE "history-table" Kind::Text;
    SCHEMAS "schemas" Kind::List(',');
    IGNORE "ignore" Kind::List(',');
    SEARCH_PATH "search-path" Kind::Text;
    SQL_MODE "sql-mode" Kind::Text;
    SESSION "session" Kind::List(';');
    AFTER_MIGRATE "after-migrate" Kind::List(';');
    SHADOW_URL "shadow-url" Kind::Text;
    SHADOW_INIT "shadow-init" Kind::Text;
    SEED "seed" Kind::Word(&["auto", "manual", "never"]);
    SEED_COMMAND "seed-command" Kind::Text;
    PROTECTED "protected" Kind::Flag;
    BACKUP "backup" Kind::Word(&["never", "offered", "required"]);
}

impl Key {
    /// The key with this name.
    pub(crate) fn find(name: &str) -> Option<Self> {
        KEYS.iter().find(|key| key.name == name).copied()
    }

    /// Its variable, e.g. `XTASK_DB_HISTORY_TABLE`.
    pub(crate) fn variable(self) -> String {
        format!("XTASK_DB_{}", self.name.to_uppercase().replace('-', "_"))
    }

    /// What it holds, for a message.
    pub(crate) fn wanted(self) -> String {
        match self.kind {
            Kind::Text => "a string".to_owned(),
            Kind::List(_) => "a list of strings".to_owned(),
            Kind::Flag => "true or false".to_owned(),
            Kind::Word(words) => words.join(", "),
        }
    }
}

/// The candidate that a misspelt word is nearest to, when one is near.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).max(2);
    candidates
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(edits, _)| *edits <= limit)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// Levenshtein's distance, case and `_` for `-` not counted.
fn distance(a: &str, b: &str) -> usize {
    let plain = |text: &str| text.to_lowercase().replace('_', "-").chars().collect::<Vec<_>>();
    let (a, b) = (plain(a), plain(b));
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(left != right);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_key() {
        let check = |word: &str, expected: Option<&str>| {
            assert_eq!(nearest(word, KEYS.iter().map(|key| key.name)), expected, "{word}");
        };
        check("migration", Some("migrations"));
        check("history_table", Some("history-table"));
        check("aftermigrate", Some("after-migrate"));
        check("urll", Some("url"));
        check("seed-comand", Some("seed-command"));
        check("colour-of-the-sky", None);
    }
}

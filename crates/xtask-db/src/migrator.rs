//! Embedded migrations as data.

use std::sync::OnceLock;

/// The migrations of a folder, embedded by [`embed_migrations!`](crate::embed_migrations).
///
/// Keep it in a `static`.
#[derive(Debug)]
pub struct Migrator {
    /// For each migration its id, its checksum, a word and its texts. The word is `sealed` or
    /// `draft`, then ` down`, ` verify`, ` backfill`, as far as there are such texts after that
    /// of `migration.sql`. One flat array is what the compiler checks fastest.
    parts: &'static [&'static str],
    migrations: OnceLock<Vec<Migration>>,
    provider: &'static str,
    table: &'static str,
    lock_file: &'static str,
    folder: &'static str,
}

/// One embedded migration. All texts are canonical: no byte-order mark, lines end with LF.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Migration {
    /// The folder's name, e.g. `20260102030405_create_users`.
    pub id: &'static str,
    /// SHA-256 of [`sql`](Self::sql), 64 hexadecimal digits.
    pub checksum: &'static str,
    /// `migration.sql`.
    pub sql: &'static str,
    /// `down.sql`.
    pub down: Option<&'static str>,
    /// `verify.sql`.
    pub verify: Option<&'static str>,
    /// `backfill.sql`.
    pub backfill: Option<&'static str>,
    /// Its text is fixed by the lock file; else it is a draft.
    pub sealed: bool,
}

impl Migrator {
    /// Only for the macro; not covered by semantic versioning.
    #[doc(hidden)]
    #[must_use]
    pub const fn embedded(
        parts: &'static [&'static str],
        provider: &'static str,
        table: &'static str,
        lock_file: &'static str,
        folder: &'static str,
    ) -> Self {
        Self { parts, migrations: OnceLock::new(), provider, table, lock_file, folder }
    }

    /// In the order in which they are applied.
    #[must_use]
    pub fn migrations(&self) -> &[Migration] {
        self.migrations.get_or_init(|| {
            let mut parts = self.parts.iter().copied();
            std::iter::from_fn(|| Migration::read(&mut parts)).collect()
        })
    }

    /// The database family: `sqlite`, `postgresql` or `mysql` (MariaDB too).
    #[must_use]
    pub const fn provider(&self) -> &'static str {
        self.provider
    }

    /// The ledger table, from the lock file or from the macro's `table`.
    #[must_use]
    pub const fn table(&self) -> &'static str {
        self.table
    }

    /// The text of `migrations.lock`, as the file has it.
    #[must_use]
    pub const fn lock_file(&self) -> &'static str {
        self.lock_file
    }

    /// Where the migrations were read from; none in a build without `debug_assertions`.
    #[must_use]
    pub fn folder(&self) -> Option<&'static str> {
        Some(self.folder).filter(|folder| !folder.is_empty())
    }
}

impl Migration {
    fn read(parts: &mut impl Iterator<Item = &'static str>) -> Option<Self> {
        let (id, checksum) = (parts.next()?, parts.next()?);
        let mut words = parts.next()?.split(' ');
        let sealed = words.next() == Some("sealed");
        let mut text = || parts.next().map(canonical);
        let sql = text()?;
        let mut migration =
            Self { id, checksum, sql, down: None, verify: None, backfill: None, sealed };
        for word in words {
            match word {
                "down" => migration.down = text(),
                "verify" => migration.verify = text(),
                _ => migration.backfill = text(),
            }
        }
        Some(migration)
    }
}

/// The text that the checksum is of. Where it is not the file's it is kept, once, as long as the
/// program runs, as that is.
fn canonical(file: &'static str) -> &'static str {
    let text = file.strip_prefix('\u{feff}').unwrap_or(file);
    if !text.contains('\r') {
        return text;
    }
    text.replace("\r\n", "\n").replace('\r', "\n").leak()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        const PARTS: &[&str] = &[
            "1_a",
            "s1",
            "sealed",
            "up 1",
            "2_b",
            "s2",
            "draft down",
            "",
            "down 2",
            "3_c",
            "s3",
            "sealed down verify backfill",
            "up 3",
            "",
            "verify 3",
            "backfill 3",
            "4_d",
            "s4",
            "sealed backfill",
            "up 4",
            "backfill 4",
        ];
        let migrator = Migrator::embedded(PARTS, "sqlite", "t", "", "");
        let expected = [
            ("1_a", "s1", "up 1", None, None, None, true),
            ("2_b", "s2", "", Some("down 2"), None, None, false),
            ("3_c", "s3", "up 3", Some(""), Some("verify 3"), Some("backfill 3"), true),
            ("4_d", "s4", "up 4", None, None, Some("backfill 4"), true),
        ]
        .map(|(id, checksum, sql, down, verify, backfill, sealed)| Migration {
            id,
            checksum,
            sql,
            down,
            verify,
            backfill,
            sealed,
        });
        assert_eq!(migrator.migrations(), expected);
        assert_eq!(migrator.folder(), None);
    }

    /// The macro took the checksum of what `xtask_db_history` makes of the bytes.
    #[test]
    fn canonical_texts() {
        let texts = [
            "",
            "a\n",
            "a\r\nb\r\n",
            "a\rb\r",
            "\r\r\n\n\r",
            "\u{feff}a\r\n",
            "\u{feff}\u{feff}\r",
        ];
        for text in texts {
            let expected = xtask_db_history::canonical(text.as_bytes()).unwrap();
            assert_eq!(canonical(text), expected, "{text:?}");
        }
    }
}

//! The same history in the layout of each tool.

use std::fs;
use std::path::{Path, PathBuf};

/// How a tool keeps its migrations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// `<version>_<name>/migration.sql`, and a lock file.
    Ours,
    /// `<version>_<name>.sql`.
    Flat,
    /// `V<number>__<name>.sql`.
    Refinery,
    /// `<version>_<name>/up.sql`.
    Diesel,
    /// `<version>_<name>.sql` with sections.
    Dbmate,
    /// One script, a transaction per migration.
    Script,
}

/// The SQL of one migration: what an ordinary one does.
pub(super) fn sql(number: usize) -> String {
    format!(
        "CREATE TABLE table_{number} (\n    id INTEGER PRIMARY KEY,\n    name TEXT NOT NULL,\n    \
         created_at TIMESTAMP\n);\nCREATE INDEX table_{number}_name ON table_{number} (name);\n"
    )
}

/// The id of one migration; 14 digits, as every tool reads it.
pub(super) fn id(number: usize) -> String {
    format!("{}_create_table_{number}", 20_200_101_000_000_u64 + number as u64)
}

impl Layout {
    /// Writes a history of `count` migrations into a folder and returns it.
    pub(super) fn write(self, root: &Path, count: usize) -> Result<PathBuf, String> {
        let folder = root.join(format!("{self:?}"));
        let put = |name: &str, text: &str| {
            let path = folder.join(name);
            let parent = path.parent().unwrap_or(&folder);
            fs::create_dir_all(parent)
                .and_then(|()| fs::write(&path, text))
                .map_err(|error| format!("{}: {error}", path.display()))
        };
        let mut script = String::new();
        for number in 1..=count {
            let (id, sql) = (id(number), sql(number));
            match self {
                Self::Ours => put(&format!("migrations/{id}/migration.sql"), &sql)?,
                Self::Flat => put(&format!("{id}.sql"), &sql)?,
                Self::Refinery => put(&format!("V{number}__create_table_{number}.sql"), &sql)?,
                Self::Diesel => put(&format!("{id}/up.sql"), &sql)?,
                Self::Dbmate => {
                    put(&format!("{id}.sql"), &format!("-- migrate:up\n{sql}\n-- migrate:down\n"))?;
                }
                Self::Script => script.push_str(&format!("BEGIN;\n{sql}COMMIT;\n")),
            }
        }
        if self == Self::Script {
            put("all.sql", &script)?;
        }
        Ok(folder)
    }
}

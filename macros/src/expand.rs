//! The value, as Rust code: every text as a constant, and every file known to the compiler.
//!
//! The tokens are written as text and parsed once, by the compiler's own, optimised lexer: the
//! macro itself is not optimised in anyone's debug build, and `quote!` there costs a call into
//! the compiler for each token (proc-macro2 would lex the text once more by itself). The
//! migrations are one flat array of strings, read by `Migrator` when it is first used: for 1,000
//! of them type checking took 65 ms with one constructor call of seven arguments each, 25 ms with
//! three arguments, and 9 ms like this.
//!
//! A file is embedded with `include_str!`, which also makes cargo watch it. `Migrator` turns the
//! text of a checkout with CRLF or a BOM into the canonical one: to find out here which files are
//! not canonical would take reading each of them once more.

use std::fmt::Write as _;
use std::path::Path;

use xtask_db_history::{LOCK_FILE, Migration, MigrationId};

use crate::input::Input;
use crate::message;
use crate::problem::Problem;
use crate::valid::Valid;

/// The migrator of a folder that was found valid.
pub(crate) fn migrator(valid: &Valid, input: &Input) -> Result<String, Vec<Problem>> {
    let mut code = Code { text: String::new(), problems: Vec::new() };
    code.block(valid, input);
    if code.problems.is_empty() { Ok(code.text) } else { Err(code.problems) }
}

struct Code {
    text: String,
    problems: Vec<Problem>,
}

impl Code {
    fn block(&mut self, valid: &Valid, input: &Input) {
        let folder = &valid.loaded.folder;
        let history = &valid.loaded.history;
        self.push("{use ::core::include_str as i;");
        self.refuse_drafts(valid, input);
        self.push("::xtask_db::Migrator::embedded(&[");
        for migration in &history.migrations {
            self.migration(folder, migration, valid.drafts.contains(&migration.id));
        }
        self.push("],");
        let table = input.table.as_ref().unwrap_or(&history.lock.table);
        let _ = write!(self.text, "{:?},{table:?},", history.dialect().provider());
        self.file(&folder.join(LOCK_FILE));
        // A release binary holds no path of the machine that built it.
        self.push(",if ::core::cfg!(debug_assertions){");
        self.path(folder);
        self.push("}else{\"\"})}");
    }

    /// Id, checksum, a word that says what follows, and the texts: see `xtask_db::Migrator`.
    fn migration(&mut self, folder: &Path, migration: &Migration, draft: bool) {
        let id = migration.id.as_str();
        let folder = folder.join(id);
        let optional = [
            ("down", migration.down.is_some()),
            ("verify", migration.verify.is_some()),
            ("backfill", migration.backfill.is_some()),
        ];
        let present = optional.into_iter().filter(|(_, present)| *present).map(|(name, _)| name);
        let _ = write!(self.text, "{id:?},\"{}\",\"", migration.checksum);
        self.push(if draft { "draft" } else { "sealed" });
        for name in present.clone() {
            let _ = write!(self.text, " {name}");
        }
        self.push("\",");
        self.file(&folder.join("migration.sql"));
        for name in present {
            self.push(",");
            self.file(&folder.join(format!("{name}.sql")));
        }
        self.push(",");
    }

    fn file(&mut self, path: &Path) {
        self.push("i!(");
        self.path(path);
        self.push(")");
    }

    fn path(&mut self, path: &Path) {
        match path.to_str() {
            Some(path) => {
                let _ = write!(self.text, "{path:?}");
            }
            None => self.problems.push(Problem::NotUnicode { path: path.to_owned() }),
        }
    }

    /// Whether it is a release build is known only to the code that is compiled. The line of a
    /// draft that is gone would be embedded with the lock file, and stop every deploy.
    fn refuse_drafts(&mut self, valid: &Valid, input: &Input) {
        if valid.drafts.is_empty() || input.drafts {
            return;
        }
        let migrations = &valid.loaded.history.migrations;
        let here = |id: &MigrationId| migrations.iter().any(|migration| migration.id == *id);
        let mut drafts: Vec<&MigrationId> = valid.drafts.iter().collect();
        drafts.sort_unstable();
        let (here, gone): (Vec<_>, Vec<_>) = drafts.into_iter().partition(|id| here(id));
        let message = message::tell_drafts(&here, &gone);
        self.push("#[cfg(not(debug_assertions))]");
        let _ = write!(self.text, "const _:()=::core::compile_error!({message:?});");
    }

    fn push(&mut self, code: &str) {
        self.text.push_str(code);
    }
}

//! The value: every text as a constant, and every file known to the compiler.
//!
//! The tokens are written as text and parsed once, by the compiler's own, optimised lexer: the
//! macro itself is not optimised in anyone's debug build, and `quote!` there costs a call into
//! the compiler for each token. A migration is a call with few arguments because type checking
//! the arguments is the larger half of what 1,000 migrations cost in the compiler.
//!
//! A file is embedded with `include_str!`, which also makes cargo watch it. Where the bytes are
//! not canonical (CRLF, BOM) the canonical text is a literal, and `include_bytes!` of the file
//! beside it is there for cargo only.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use proc_macro2::TokenStream;
use xtask_db_history::{LOCK_FILE, Migration, SqlFile};

use crate::input::Input;
use crate::message;
use crate::problem::Problem;
use crate::valid::Valid;

/// The migrator of a folder that was found valid.
pub(crate) fn migrator(valid: &Valid, input: &Input) -> Result<TokenStream, Vec<Problem>> {
    let mut code = Code { text: String::new(), problems: Vec::new() };
    code.block(valid, input);
    if !code.problems.is_empty() {
        return Err(code.problems);
    }
    // Only literals that `Debug` escaped and code of this file: a lexer error is impossible.
    Ok(code.text.parse().unwrap_or_else(|error| unreachable!("{error}: {}", code.text)))
}

struct Code {
    text: String,
    problems: Vec<Problem>,
}

impl Code {
    fn block(&mut self, valid: &Valid, input: &Input) {
        let folder = &valid.loaded.folder;
        let history = &valid.loaded.history;
        self.push(
            "{use ::xtask_db::{Migration as M,Migrator};use ::core::option::Option::{None,Some};\
             use ::core::{include_str as i,include_bytes as b};",
        );
        self.refuse_drafts(valid, input);
        self.push("const S:&[M]=&[");
        for migration in &history.migrations {
            let sealed = !valid.drafts.contains(&migration.id);
            self.migration(folder, migration, sealed);
        }
        self.push("];Migrator::embedded(S,");
        let table = input.table.as_ref().unwrap_or(&history.lock.table);
        let _ = write!(self.text, "{:?},{table:?},", history.dialect().provider());
        self.file(&folder.join(LOCK_FILE), &valid.loaded.lock_text);
        // A release binary holds no path of the machine that built it.
        self.push(",if ::core::cfg!(debug_assertions){Some(");
        self.path(folder);
        self.push(")}else{None})}");
    }

    fn migration(&mut self, folder: &Path, migration: &Migration, sealed: bool) {
        let id = migration.id.as_str();
        let folder = folder.join(id);
        let _ = write!(self.text, "M::embedded({id:?},\"{}\",", migration.checksum);
        self.file(&folder.join("migration.sql"), &migration.up.text);
        self.push(")");
        self.optional(&folder, "down", migration.down.as_ref());
        self.optional(&folder, "verify", migration.verify.as_ref());
        self.optional(&folder, "backfill", migration.backfill.as_ref());
        self.push(if sealed { "," } else { ".draft()," });
    }

    fn optional(&mut self, folder: &Path, name: &str, file: Option<&SqlFile>) {
        if let Some(file) = file {
            let _ = write!(self.text, ".{name}(");
            self.file(&folder.join(format!("{name}.sql")), &file.text);
            self.push(")");
        }
    }

    fn file(&mut self, path: &Path, canonical: &str) {
        if is_canonical(path, canonical) {
            self.push("i!(");
            self.path(path);
            self.push(")");
        } else {
            self.push("{const _:&[u8]=b!(");
            self.path(path);
            let _ = write!(self.text, ");{canonical:?}}}");
        }
    }

    fn path(&mut self, path: &Path) {
        match path.to_str() {
            Some(path) => {
                let _ = write!(self.text, "{path:?}");
            }
            None => self.problems.push(Problem::NotUnicode { path: path.to_owned() }),
        }
    }

    /// Whether it is a release build is known only to the code that is compiled.
    fn refuse_drafts(&mut self, valid: &Valid, input: &Input) {
        let ids = valid.loaded.history.migrations.iter().map(|migration| &migration.id);
        let drafts: Vec<_> = ids.filter(|id| valid.drafts.contains(id)).collect();
        if !drafts.is_empty() && !input.drafts {
            let message = message::tell_drafts(&drafts);
            self.push("#[cfg(not(debug_assertions))]");
            let _ = write!(self.text, "const _:()=::core::compile_error!({message:?});");
        }
    }

    fn push(&mut self, code: &str) {
        self.text.push_str(code);
    }
}

/// A file that changed since it was read is embedded as it was read; cargo sees its new time.
fn is_canonical(path: &Path, canonical: &str) -> bool {
    fs::read(path).is_ok_and(|bytes| bytes == canonical.as_bytes())
}

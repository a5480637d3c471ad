//! The wording of a refused build: each problem with its code and data, then the ways out.

use std::fmt::Write as _;
use std::path::Path;

use xtask_db_history::{Checksum, DiskProblem, LockError, MigrationId};

use crate::problem::Problem;

/// How many problems are told one by one.
const TOLD_MAX: usize = 20;

/// A kind of problem: its code, and what the reader can do.
struct Kind {
    code: &'static str,
    /// Why it is refused.
    why: &'static str,
    /// When, and what to do then. `ID` stands for the migration.
    ways: &'static [(&'static str, &'static str)],
}

/// A problem as it is told.
struct Fact {
    kind: &'static Kind,
    sentence: String,
    data: Vec<(&'static str, String)>,
    id: Option<MigrationId>,
}

const CHANGED: &Kind = &Kind {
    code: "XDB0201",
    why: "A sealed migration may have been applied to a database, so its text is fixed.",
    ways: &[
        ("undo the edit", "restore the file from version control"),
        ("change the schema further", "cargo xtask db new NAME"),
        ("it is your own, not merged yet", "cargo xtask db redo ID"),
        ("only comments or spaces changed", "cargo xtask db repair"),
    ],
};

const MISSING: &Kind = &Kind {
    code: "XDB0202",
    why: "A sealed migration may have been applied to a database, so it must stay here.",
    ways: &[
        ("it was deleted or renamed", "restore the folder from version control"),
        ("it exists on another branch only", "cargo xtask db lock --absent ID"),
    ],
};

const NOT_ABSENT: &Kind = &Kind {
    code: "XDB0202",
    why: "The lock file says that this migration is somewhere else only.",
    ways: &[("it belongs here now", "take its `absent` line out of the lock file, then seal it")],
};

const NO_LOCK: &Kind = &Kind {
    code: "XDB0203",
    why: "The lock file says which migrations are sealed; it is committed with them.",
    ways: &[
        ("it was deleted", "restore it from version control"),
        ("there has never been one", "cargo xtask db init"),
    ],
};

const CONFLICT: &Kind = &Kind {
    code: "XDB0205",
    why: "Two branches added migrations; someone must look at their order.",
    ways: &[("keep both sides", "cargo xtask db lock --merge")],
};

const NEWER: &Kind = &Kind {
    code: "XDB0206",
    why: "A later version of xtask-db wrote the lock file.",
    ways: &[("use that version here too", "cargo update xtask-db")],
};

const UNREADABLE: &Kind = &Kind {
    code: "XDB0207",
    why: "The lock file is written by the tool, never by hand.",
    ways: &[("it was edited", "restore it from version control")],
};

const FOLDER: &Kind = &Kind {
    code: "XDB0208",
    why: "What is not read as a migration would be skipped silently.",
    ways: &[("see all that is wrong", "cargo xtask db check")],
};

/// Told by the expansion, which alone knows whether it is a release build.
const DRAFT: &Kind = &Kind {
    code: "XDB0209",
    why: "A draft may still change, so a release build does not embed it.",
    ways: &[
        ("apply and seal it", "cargo xtask db migrate"),
        ("seal it as it is", "cargo xtask db lock"),
        ("embed it all the same", "embed_migrations!(…, drafts = true)"),
    ],
};

/// In the order in which their ways out are told.
const KINDS: [&Kind; 9] =
    [CHANGED, MISSING, NOT_ABSENT, NO_LOCK, CONFLICT, NEWER, UNREADABLE, FOLDER, DRAFT];

/// All problems as one text.
pub(crate) fn tell(problems: &[Problem]) -> String {
    let facts: Vec<Fact> = problems.iter().map(fact).collect();
    tell_facts(&facts)
}

/// What a release build says about drafts; those that are `gone` have only their line left.
pub(crate) fn tell_drafts(drafts: &[&MigrationId], gone: &[&MigrationId]) -> String {
    let tell =
        |id: &MigrationId, what: &str| Fact::new(DRAFT, format!("the draft {id} {what}")).of(id);
    let drafts = drafts.iter().map(|id| tell(id, "is in a release build"));
    let gone = gone.iter().map(|id| tell(id, "is in the lock file, but not in the folder"));
    tell_facts(&drafts.chain(gone).collect::<Vec<_>>())
}

fn tell_facts(facts: &[Fact]) -> String {
    let mut text = String::new();
    for fact in facts.iter().take(TOLD_MAX) {
        let _ = writeln!(text, "{}: {}", fact.kind.code, fact.sentence);
        for (name, value) in &fact.data {
            let _ = writeln!(text, "  {:<8}{value}", format!("{name}:"));
        }
    }
    if let Some(more) = facts.len().checked_sub(TOLD_MAX).filter(|&more| more > 0) {
        let _ = writeln!(text, "and {more} more: cargo xtask db check");
    }
    for kind in KINDS {
        let mut concerned = facts.iter().filter(|fact| std::ptr::eq(fact.kind, kind));
        let Some(first) = concerned.next() else { continue };
        let id = match (&first.id, concerned.next()) {
            (Some(id), None) => id.as_str(),
            _ => "ID",
        };
        let _ = writeln!(text, "\n{}", kind.why);
        for (when, way) in kind.ways {
            let _ = writeln!(text, "  {:<34}{}", format!("{when}:"), way.replace("ID", id));
        }
    }
    text.truncate(text.trim_end().len());
    text
}

impl Fact {
    fn new(kind: &'static Kind, sentence: impl Into<String>) -> Self {
        Self { kind, sentence: sentence.into(), data: Vec::new(), id: None }
    }

    fn of(mut self, id: &MigrationId) -> Self {
        self.id = Some(id.clone());
        self
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.data.push((name, value.into()));
        self
    }
}

fn fact(problem: &Problem) -> Fact {
    match problem {
        Problem::NotFound { from } => {
            let sentence = "no folder from the manifest upward has a migrations/migrations.lock";
            Fact::new(NO_LOCK, sentence).with("from", show(from))
        }
        Problem::NoFolder { path } => {
            Fact::new(NO_LOCK, "the migrations folder does not exist").with("folder", show(path))
        }
        Problem::Lock { path, error } => lock_fact(path, error),
        Problem::Folder(error) => Fact::new(FOLDER, error.to_string()),
        Problem::NotUnicode { path } => {
            Fact::new(FOLDER, format!("{path:?} is not Unicode, so Rust code cannot name it"))
        }
        Problem::Disk { folder, problem } => disk_fact(folder, problem),
    }
}

fn lock_fact(path: &Path, error: &LockError) -> Fact {
    let (kind, sentence) = match error {
        LockError::Missing { .. } => (NO_LOCK, "the lock file is missing".to_owned()),
        LockError::Conflict { .. } => (CONFLICT, error.to_string()),
        LockError::Newer { .. } => (NEWER, error.to_string()),
        LockError::Io { source, .. } => (UNREADABLE, source.to_string()),
        LockError::Syntax { .. } | LockError::Disagree { .. } | LockError::Twice { .. } => {
            (UNREADABLE, error.to_string())
        }
    };
    Fact::new(kind, sentence).with("file", show(path))
}

fn disk_fact(folder: &Path, problem: &DiskProblem) -> Fact {
    let file = |id: &MigrationId, name| show(&folder.join(id.as_str()).join(name));
    match problem {
        DiskProblem::Changed { id, sealed, found, cosmetic } => {
            let fact = Fact::new(CHANGED, format!("the sealed migration {id} was changed"))
                .of(id)
                .with("file", file(id, "migration.sql"))
                .with("sealed", sum(Some(sealed)))
                .with("found", sum(Some(found)));
            if *cosmetic { fact.with("change", "only comments or spaces") } else { fact }
        }
        DiskProblem::BackfillChanged { id, sealed, found } => {
            Fact::new(CHANGED, format!("the backfill of the sealed migration {id} was changed"))
                .of(id)
                .with("file", file(id, "backfill.sql"))
                .with("sealed", sum(sealed.as_ref()))
                .with("found", sum(found.as_ref()))
        }
        DiskProblem::Vanished { id, .. } => {
            Fact::new(MISSING, format!("the sealed migration {id} is missing"))
                .of(id)
                .with("folder", show(&folder.join(id.as_str())))
        }
        DiskProblem::NotAbsent { id } => {
            Fact::new(NOT_ABSENT, format!("{id} is here, but the lock file marks it absent"))
                .of(id)
                .with("folder", show(&folder.join(id.as_str())))
        }
        DiskProblem::Unlisted { id } => Fact::new(FOLDER, format!("{id} is not listed")).of(id),
        DiskProblem::EqualVersions { first, second } => {
            Fact::new(FOLDER, format!("{first} and {second} have one version"))
        }
        DiskProblem::DraftBeforeSealed { draft, sealed } => {
            Fact::new(FOLDER, format!("the draft {draft} stands before the sealed {sealed}"))
        }
    }
}

fn sum(checksum: Option<&Checksum>) -> String {
    checksum.map_or_else(|| "no file".to_owned(), |checksum| format!("sha256:{checksum}"))
}

/// With `/` on every system, so that messages are the same everywhere.
fn show(path: &Path) -> String {
    path.display().to_string().replace('\\', "/")
}

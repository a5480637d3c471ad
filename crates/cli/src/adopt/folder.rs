//! What to do with the files of a folder that is taken over, as a value.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use xtask_db_engine::ForeignTool;
use xtask_db_history::{Checksum, IdError, MigrationId, Sealed, canonical, token_hash};
use xtask_db_sql::Syntax;

use super::listing::Listing;
use super::{diesel, order, prisma, sqlx};

/// A folder of another tool: what it holds, and what turns it into one of ours.
#[derive(Debug, Default)]
pub(crate) struct Folder {
    /// In id order.
    pub(crate) taken: Vec<Taken>,
    /// In the order in which they are carried out.
    pub(crate) changes: Vec<Change>,
    /// Nothing is done while there is one.
    pub(crate) problems: Vec<Problem>,
    /// Worth a line each.
    pub(crate) notes: Vec<String>,
}

/// A migration of the other tool.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Taken {
    /// The id it gets: the name it has.
    pub(crate) id: MigrationId,
    /// The other tool's version, as its ledger writes it.
    pub(crate) version: String,
    /// The text as the other tool reads it.
    pub(crate) up: Vec<u8>,
}

/// A change to a file. Paths are relative to the migrations folder.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// The file is moved, its bytes as they are.
    Move {
        /// From.
        from: PathBuf,
        /// To; not there yet.
        to: PathBuf,
    },
    /// The file gets other bytes.
    Write {
        /// The file.
        to: PathBuf,
        /// What is new, for people.
        what: &'static str,
        /// All of it.
        bytes: Vec<u8>,
    },
    /// The file is removed.
    Remove {
        /// The file.
        path: PathBuf,
        /// Why it is not needed any more.
        why: &'static str,
    },
}

/// Why a folder or ledger cannot be taken over as it is.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Problem {
    /// A file that the other tool passes over, and that ours would refuse.
    #[error("{name} is not a migration of {tool}")]
    Stray {
        /// The file.
        name: String,
        /// The tool.
        tool: &'static str,
    },
    /// A name that is no id.
    #[error("{name}: {problem}")]
    Name {
        /// The file or folder.
        name: String,
        /// Why.
        problem: IdError,
    },
    /// Two migrations with one version.
    #[error("{first} and {second} have the same version")]
    SameVersion {
        /// The first.
        first: MigrationId,
        /// The second.
        second: MigrationId,
    },
    /// A file that has to be moved, and something else where it belongs.
    #[error("{from} belongs at {to}, and another file is there")]
    Occupied {
        /// The file.
        from: String,
        /// Its place.
        to: String,
    },
    /// A migration without its up file.
    #[error("{name} has no migration to go with it")]
    NoUp {
        /// The down file or the folder.
        name: String,
    },
    /// A file that cannot be understood.
    #[error("{name}: {problem}")]
    Unreadable {
        /// The file.
        name: String,
        /// Why.
        problem: String,
    },
    /// The two tools order the migrations differently.
    #[error("{first} runs before {second} in {tool}, and after it here")]
    Order {
        /// First there.
        first: MigrationId,
        /// Second there.
        second: MigrationId,
        /// The tool.
        tool: &'static str,
    },
    /// The ledger's hash is not the file's, with any line ends.
    #[error("{id} was changed after it was applied: its checksum is not the recorded one")]
    Edited {
        /// The migration.
        id: MigrationId,
    },
    /// The same in Prisma's ledger, which compares nothing.
    #[error("{id} was changed after it was applied, and prisma did not notice")]
    EditedUnnoticed {
        /// The migration.
        id: MigrationId,
    },
    /// The ledger has a failed row.
    #[error("version {version} is recorded as failed")]
    Failed {
        /// The version.
        version: String,
    },
}

impl Taken {
    /// Its line in the lock file; none when it is not text.
    pub(crate) fn seal(&self, syntax: Syntax) -> Option<Sealed> {
        let text = canonical(&self.up).ok()?;
        Some(Sealed {
            id: self.id.clone(),
            sha256: Checksum::of(&text),
            tokens: token_hash(&text, syntax),
            was: Vec::new(),
            backfill: None,
            order_any: false,
        })
    }
}

impl Problem {
    /// What to do about it.
    pub(crate) fn hint(&self) -> String {
        match self {
            Self::Stray { .. } => "move it out of the folder: git mv".to_owned(),
            Self::Name { .. } | Self::Order { .. } => {
                "rename it, in the ledger of the other tool too".to_owned()
            }
            Self::SameVersion { .. } => "give one of them another version".to_owned(),
            Self::Occupied { .. } => "compare the two and remove one".to_owned(),
            Self::NoUp { .. } => "restore its other half, or remove it".to_owned(),
            Self::Unreadable { .. } => "correct it, then adopt again".to_owned(),
            Self::Edited { .. } => {
                "restore the text that was applied; git log has it. A new migration makes the \
                 change"
                    .to_owned()
            }
            Self::EditedUnnoticed { .. } => {
                "restore the text that was applied, or take the text on disk for it: \
                 --accept-edited"
                    .to_owned()
            }
            Self::Failed { .. } => "settle it with the other tool first".to_owned(),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Move { from, to } => write!(f, "move    {} -> {}", from.display(), to.display()),
            Self::Write { to, what, .. } => write!(f, "change  {}: {what}", to.display()),
            Self::Remove { path, why } => write!(f, "remove  {}: {why}", path.display()),
        }
    }
}

/// Reads a folder of another tool and says what turns it into one of ours. A folder that is ours
/// already needs no change.
///
/// # Errors
/// The folder cannot be read.
pub(crate) fn read(tool: ForeignTool, dir: &Path, syntax: Syntax) -> io::Result<Folder> {
    let listing = Listing::read(dir)?;
    let mut folder = match tool {
        ForeignTool::Sqlx => sqlx::convert(&listing),
        ForeignTool::Diesel => diesel::convert(&listing, syntax),
        _ => prisma::convert(&listing),
    };
    for taken in &folder.taken {
        if let Err(problem) = canonical(&taken.up) {
            let (name, problem) = (taken.id.to_string(), problem.to_string());
            folder.problems.push(Problem::Unreadable { name, problem });
        }
    }
    order::check(tool, &mut folder);
    Ok(folder)
}

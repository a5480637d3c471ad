//! The code, the exit status, the place and the next command of every fault.
//!
//! Invariant: one exhaustive `match` per type; a new fault does not compile without its code.

mod backfill;
mod backup;
mod branches;
mod engine;
mod hints;
mod schema;
mod table;

use serde_json::{Value, json};
use xtask_db_history::MigrationId;

use crate::exit;
use crate::fault::{ConfigFault, Fault, Why};
use crate::snippet::Source;

pub(crate) use hints::{describe, states};
pub use table::{CODES, Code};

/// A fault as it is shown: one sentence of fact, the data, the next command.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) code: &'static str,
    pub(crate) exit: u8,
    pub(crate) fact: String,
    /// Lines under the fact.
    pub(crate) details: Vec<String>,
    pub(crate) data: Value,
    pub(crate) source: Option<Source>,
    /// A file, for annotations.
    pub(crate) path: Option<String>,
    /// The next commands.
    pub(crate) hints: Vec<String>,
    /// What else is wrong, shown after it.
    pub(crate) also: Vec<Self>,
}

impl Problem {
    pub(crate) fn new(code: &'static str, exit: u8, fact: impl ToString) -> Self {
        Self {
            code,
            exit,
            fact: fact.to_string(),
            details: Vec::new(),
            data: json!({}),
            source: None,
            path: None,
            hints: Vec::new(),
            also: Vec::new(),
        }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.details.push(detail.into());
        self
    }

    pub(crate) fn details(mut self, details: impl IntoIterator<Item = String>) -> Self {
        self.details.extend(details);
        self
    }

    pub(crate) fn data(mut self, data: Value) -> Self {
        self.data = data;
        self
    }

    pub(crate) fn source(mut self, source: Source) -> Self {
        self.path = Some(source.path.clone());
        self.source = Some(source);
        self
    }

    pub(crate) fn path(mut self, path: impl ToString) -> Self {
        self.path = Some(path.to_string());
        self
    }
}

/// How a fault is shown.
#[expect(clippy::too_many_lines, reason = "one exhaustive match, an arm for each fault")]
pub(crate) fn problem(fault: &Fault) -> Problem {
    match fault {
        Fault::Config(fault) => config(fault),
        Fault::Usage(said) => {
            Problem::new("XDB0101", exit::USAGE, said).hint("cargo xtask db help")
        }
        Fault::NoFolder { path } => Problem::new("XDB0102", exit::USAGE, fault)
            .path(path.display())
            .hint("cargo xtask db init")
            .hint("or name the folder: --migrations DIR"),
        Fault::Folder(problems) => hints::folder(fault, problems),
        Fault::Lock { path, problem } => hints::lock(path, problem),
        Fault::Disk(problems) => hints::disk(problems),
        Fault::Against { rev, breaches } => hints::against(rev, breaches),
        #[cfg(feature = "lint")]
        Fault::Pooled => Problem::new("XDB0101", exit::USAGE, fault)
            .hint("name a database of the server itself: shadow-url in [workspace.metadata.db]"),
        Fault::NoBase(why) => Problem::new("XDB0125", exit::USAGE, why).hint(why.hint()),
        Fault::Init(problems) => hints::init(problems),
        Fault::Adopt { problems, .. } => hints::adopt(fault, problems),
        Fault::Name { .. } => Problem::new("XDB0103", exit::USAGE, fault)
            .hint("use letters, digits and _: cargo xtask db new add_course_status"),
        Fault::NoMigration { id } => Problem::new("XDB0104", exit::USAGE, fault)
            .data(json!({ "id": id }))
            .hint("cargo xtask db status"),
        Fault::NotOwn { id, .. } => Problem::new("XDB0401", exit::REFUSED, fault)
            .data(json!({ "id": id.as_str() }))
            .hint("write a new migration: cargo xtask db new NAME")
            .hint("or say that it is yours: --own ID"),
        Fault::Migration { id, hint, .. } => {
            Problem::new("XDB0210", exit::CONFLICT, fault).data(json!({ "id": id })).hint(hint)
        }
        Fault::Behind(survey) => hints::behind(survey),
        Fault::Unfilled { waiting, left } => backfill::unfilled(fault, waiting.as_ref(), left),
        Fault::Protected { why, .. } => protected(fault, why),
        Fault::Unconfirmed { flag, .. } => Problem::new("XDB0403", exit::REFUSED, fault)
            .detail("nobody can be asked: this is not a terminal, or CI is set")
            .hint(format!("answer it with {flag}")),
        Fault::Declined => Problem::new("XDB0404", exit::REFUSED, fault),
        Fault::Refused { hint, .. } => Problem::new("XDB0405", exit::REFUSED, fault).hint(hint),
        Fault::Edited { problems, own } => hints::edited(problems, own),
        Fault::Shadow { failure, sealed } => engine::on_shadow(failure, *sealed),
        Fault::SchemaFile { path, .. } => Problem::new("XDB0127", exit::USAGE, fault)
            .path(path.display())
            .hint("write it from what the database has: cargo xtask db pull")
            .hint("name another file or folder: schema in [workspace.metadata.db]"),
        Fault::SchemaFails(failure) => schema::fails(fault, failure),
        Fault::Rename { text, .. } => {
            Problem::new("XDB0129", exit::USAGE, fault).data(json!({ "rename": text })).hint(
                "see what is gone and what is new: cargo xtask db diff --from migrations \
                   --to schema",
            )
        }
        Fault::RenameOpen { guesses } => schema::rename_open(fault, guesses),
        Fault::Drift(drift) => schema::drift(fault, drift),
        Fault::DataLoss(lost) => schema::data_loss(fault, lost),
        #[cfg(feature = "lint")]
        Fault::PendingLoss(lost) => Problem::new("XDB0412", exit::REFUSED, fault)
            .details(lost.iter().cloned())
            .detail("nothing was applied")
            .hint("if that is meant: --accept-data-loss")
            .hint("or in a migration that is not sealed: -- xtask-db: allow RULE reason=\"…\""),
        Fault::Unexecutable(fails) => schema::unexecutable(fault, fails),
        Fault::DropAll(stopped) => schema::drop_all(fault, stopped),
        Fault::Order { id, details } => Problem::new("XDB0416", exit::REFUSED, fault)
            .data(json!({ "id": id.as_str(), "difference": details }))
            .details(details.iter().cloned())
            .hint("your own migration: cargo xtask db rebase puts it after the others")
            .hint(format!("it was reviewed: cargo xtask db lock --order-any {id} --force")),
        Fault::Differ(_) => Problem::new("XDB0702", exit::DIFFERENCE, fault)
            .hint("read the statements that lead from one to the other: --script"),
        Fault::Missing { found, answer } => branches::missing(fault, found, *answer),
        Fault::OutOfOrder(late) => branches::out_of_order(fault, late),
        Fault::NoWayBack(problems) => no_way_back(fault, problems),
        Fault::SeedCommand { .. } => Problem::new("XDB0504", exit::MIGRATION, fault)
            .hint("mend it, then: cargo xtask db seed"),
        Fault::Generator { .. } => Problem::new("XDB0902", exit::INTERNAL, fault)
            .detail("the migrations are applied and the lock file is written")
            .hint("mend it, then: cargo xtask db generate"),
        Fault::StaleTypes { path } => Problem::new("XDB0710", exit::DIFFERENCE, fault)
            .path(path.display())
            .hint("cargo xtask db generate, and commit the file"),
        Fault::Types(unknown) => hints::types(unknown),
        Fault::Io { path, .. } => Problem::new("XDB0901", exit::INTERNAL, fault)
            .path(path.display())
            .hint("look at its rights, and at the space on the disk"),
        Fault::Internal(_) => Problem::new("XDB0900", exit::INTERNAL, fault),
        Fault::Backup(fault) => backup::problem(fault),
        Fault::Engine(error) => engine::problem(error),
        Fault::Interrupted { term } => {
            let status = if *term { exit::SIGTERM } else { exit::SIGINT };
            Problem::new("XDB0903", status, fault)
                .detail("the running statement was cancelled and rolled back where that can be")
                .hint("cargo xtask db status")
        }
    }
}

fn protected(fault: &Fault, why: &Why) -> Problem {
    let problem = Problem::new("XDB0402", exit::REFUSED, fault);
    match why {
        Why::Environment(_) | Why::Marker(_) => problem
            .hint("point it at your own database, or use deploy")
            .hint("if this really is a development database: cargo xtask db env --set development"),
        Why::Unmarked { .. } => problem
            .detail("a database without a marker may be production")
            .hint("if this really is a development database: cargo xtask db env --set development"),
    }
}

fn no_way_back(fault: &Fault, problems: &[(MigrationId, String)]) -> Problem {
    let fact = match problems {
        [(id, why)] => format!("{id} {why}"),
        _ => fault.to_string(),
    };
    let mut problem = Problem::new("XDB0214", exit::CONFLICT, fact);
    if problems.len() > 1 {
        problem = problem.details(problems.iter().map(|(id, why)| format!("{id} {why}")));
    }
    let ids: Vec<&str> = problems.iter().map(|(id, _)| id.as_str()).collect();
    problem
        .data(json!({ "ids": ids }))
        .detail("nothing was reverted")
        .hint("write its down.sql; a new migration also can undo it: cargo xtask db new NAME")
        .hint("a development database: cargo xtask db reset")
}

fn config(fault: &ConfigFault) -> Problem {
    let problem = |code| Problem::new(code, exit::USAGE, fault);
    match fault {
        ConfigFault::Key { nearest, .. } => match nearest {
            Some(nearest) => problem("XDB0110").hint(format!("did you mean {nearest}?")),
            None => problem("XDB0110").hint("the keys are listed by: cargo xtask db config --keys"),
        },
        ConfigFault::Kind { .. } | ConfigFault::Choice { .. } => {
            problem("XDB0111").hint("the keys and their values: cargo xtask db config --keys")
        }
        ConfigFault::Cargo { .. } => {
            problem("XDB0112").hint("without cargo: --migrations DIR --url URL")
        }
        ConfigFault::File { path, .. } => {
            problem("XDB0113").path(path.display()).hint("look at --config and XTASK_DB_CONFIG")
        }
        #[cfg(feature = "lint")]
        ConfigFault::Sizes { path, .. } => problem("XDB0113")
            .path(path.display())
            .hint("write it again: cargo xtask db --env production stats"),
        ConfigFault::Package { known, .. } | ConfigFault::Packages { known } => {
            problem("XDB0114").hint(format!("choose one: --package {}", known.join(" | ")))
        }
        ConfigFault::Environment { known, .. } if known.is_empty() => problem("XDB0115")
            .hint("write [workspace.metadata.db.env.NAME] in Cargo.toml, or give --url"),
        ConfigFault::Environment { known, .. } => {
            problem("XDB0115").hint(format!("known: {}", known.join(", ")))
        }
        ConfigFault::Unset { name, .. } => {
            problem("XDB0116").hint(format!("set it: export {name}=…"))
        }
        ConfigFault::NoUrl { environment } => problem("XDB0116")
            .detail("DATABASE_URL and .env do not count where an environment is named")
            .hint(format!("write url = \"env:…\" in [workspace.metadata.db.env.{environment}]")),
        ConfigFault::NoDefault { .. } => problem("XDB0116")
            .hint("set DATABASE_URL, write url in [workspace.metadata.db], or give --url"),
        ConfigFault::Url { .. } => problem("XDB0117").hint(
            "sqlite:FILE, postgres://USER:PASSWORD@HOST:PORT/NAME, or mysql://…; \
             percent-encode special characters of the password",
        ),
    }
}

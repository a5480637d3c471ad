//! Safety rules for migrations: what loses data, what makes others wait, what breaks running code.
//! One file per rule in `rules`, its page in `docs/lint`. Facts about rows and schemas come in
//! through [`Facts`]; without them a rule says what is possible, or nothing.
//!
//! Invariant: pure. Texts and facts in, findings out.
//! Invariant: what was not looked into is named in the report.

mod allow;
#[cfg(test)]
mod check;
mod conversion;
mod facts;
mod finding;
mod fix;
mod found;
mod name;
mod online;
mod options;
mod question;
mod read;
mod registry;
mod report;
mod rule;
mod rules;
mod run;
mod running;
mod scene;
mod server;
mod squawk;
mod state;

pub use facts::{Facts, NoFacts, Question};
pub use finding::{Edit, Finding, Fix};
pub use fix::apply;
pub use name::Name;
pub use options::{LARGE_ROWS, Options, UnknownRule};
pub use registry::{find, rules};
pub use report::{Allowed, Linted, Remark, Report, Window};
pub use rule::{Blocks, Class, Level, Rule};
pub use run::{Input, LintError, lint};
pub use running::{
    Harm, HarmKind, Place, QueryColumn, QueryShape, Reads, Source, Written, compare, queries,
    refused_writes,
};
pub use server::{Family, Server, Servers};

//! The formats of a report, and whether it fails the command.

use serde_json::json;
use xtask_db_lint::{Level, Report};

use super::{Chosen, github, json, sarif, text};
use crate::codes::Problem;
use crate::context::Context;
use crate::counted::counted;
use crate::exit;
use crate::output::Reply;

/// How a report is printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Text,
    /// One versioned object, like --json
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
}

/// The answer in a format.
pub(crate) fn print(report: &Report, chosen: &Chosen, format: Format, context: &Context) -> Reply {
    let output = context.output;
    let object = json::report(report, chosen);
    let printed = match format {
        Format::Text => text::report(report, chosen, context.now()),
        Format::Json => json::with_version(&object).to_string(),
        Format::Sarif => sarif::report(report).to_string(),
        Format::Github => github::report(report),
    };
    if output.github && format == Format::Text {
        // what the log shows at its place in the difference
        output.annotate(&github::report(report));
    }
    Reply::new(printed, object)
}

/// Errors stand: the command fails.
pub(crate) fn failed(report: &Report) -> Option<Problem> {
    let errors = report.at_level(Level::Error).count();
    if errors == 0 {
        return None;
    }
    let fact = format!("lint found {}", counted(errors, "error"));
    let mut rules: Vec<&str> =
        report.at_level(Level::Error).map(|(_, finding)| finding.rule.id).collect();
    rules.sort_unstable();
    rules.dedup();
    Some(
        Problem::new("XDB0409", exit::REFUSED, fact)
            .data(json!({ "rules": rules }))
            .hint("take the safe way that each finding names")
            .hint("or write above the statement: -- xtask-db: allow RULE reason=\"…\""),
    )
}

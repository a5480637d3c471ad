//! The report as annotations of GitHub Actions.

use xtask_db_lint::{Finding, Level, Linted, Report};

use crate::output::{annotation_property, annotation_text};

/// A line each.
pub(super) fn report(report: &Report) -> String {
    let each = report.files.iter().flat_map(|file| {
        let findings = file.findings.iter().map(|finding| line(file, finding));
        let remarks = file
            .remarks
            .iter()
            .map(|remark| at("warning", &file.path, remark.at, "lint", &remark.message));
        findings.chain(remarks).collect::<Vec<_>>()
    });
    each.collect::<Vec<_>>().join("\n")
}

fn line(file: &Linted, finding: &Finding) -> String {
    let command = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note | Level::Off => "notice",
    };
    let title = format!("{} {}", finding.rule.id, finding.rule.name);
    let (path, place) = finding.shown_at(&file.path);
    let after = match finding.elsewhere {
        Some(_) => format!("\nafter: {}", file.path),
        None => String::new(),
    };
    let message = format!("{}{after}\nsafe: {}", finding.message, finding.help);
    at(command, path, place, &title, &message)
}

fn at(command: &str, path: &str, at: xtask_db_sql::Position, title: &str, message: &str) -> String {
    format!(
        "::{command} file={},line={},col={},title={}::{}",
        annotation_property(path),
        at.line,
        at.column,
        annotation_property(title),
        annotation_text(message)
    )
}

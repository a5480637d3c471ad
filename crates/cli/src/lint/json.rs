//! The report as one object, version 1.

use serde_json::{Value, json};
use xtask_db_lint::{Finding, Fix, Level, Linted, Remark, Report};

use super::{Chosen, Proof};
use crate::output::JSON_VERSION;

/// Without the version, which the output adds.
pub(super) fn report(report: &Report, chosen: &Chosen) -> Value {
    let reasons: Vec<Value> = report
        .windows()
        .map(|window| {
            json!({
                "rule": window.finding.rule.id, "blocks": window.blocks.name(),
                "message": window.finding.message, "path": window.path,
                "line": window.finding.at.line, "column": window.finding.at.column,
            })
        })
        .collect();
    let count = |level| report.at_level(level).count();
    json!({
        "files": report.files.iter().map(file).collect::<Vec<_>>(),
        "summary": {
            "errors": count(Level::Error), "warnings": count(Level::Warning),
            "notes": count(Level::Note),
            "allowed": report.files.iter().map(|file| file.allowed.len()).sum::<usize>(),
        },
        "window": { "needed": !reasons.is_empty(), "reasons": reasons },
        "running": chosen.proof.as_ref().map(running),
        "sizes": chosen.sizes.as_ref().map(|sizes| json!({ "environment": sizes.environment,
            "server": sizes.server, "written_at": sizes.written_at })),
    })
}

/// The proof that the release which is running runs on.
fn running(proof: &Proof) -> Value {
    let untried = proof.unproved.iter().map(|one| {
        json!({ "path": one.place.path, "line": one.place.at.line, "column": one.place.at.column,
            "message": one.why })
    });
    json!({
        "revision": proof.revision, "queries": proof.queries, "migrations": proof.migrations,
        "untried": untried.collect::<Vec<_>>(), "missing": proof.missing,
    })
}

/// For a format that is printed as it is.
pub(super) fn with_version(object: &Value) -> Value {
    let mut object = object.clone();
    object["version"] = json!(JSON_VERSION);
    object
}

fn file(file: &Linted) -> Value {
    let allowed: Vec<Value> = file
        .allowed
        .iter()
        .map(|one| {
            let mut object = finding(&file.path, &one.finding);
            object["by"] = json!(one.by);
            object["reason"] = json!(one.reason);
            object
        })
        .collect();
    json!({
        "id": file.id, "path": file.path,
        "findings": file.findings.iter().map(|one| finding(&file.path, one)).collect::<Vec<_>>(),
        "allowed": allowed,
        "remarks": file.remarks.iter().map(remark).collect::<Vec<_>>(),
        "unread": file.unread.iter().map(remark).collect::<Vec<_>>(),
    })
}

fn finding(file: &str, finding: &Finding) -> Value {
    let (path, at) = finding.shown_at(file);
    // bytes are the migration's
    let bytes = |byte: usize| finding.elsewhere.is_none().then_some(byte);
    json!({
        "rule": finding.rule.id, "name": finding.rule.name, "level": finding.level.name(),
        "possible": finding.possible, "object": finding.object, "message": finding.message,
        "safe": finding.help, "path": path, "line": at.line, "column": at.column,
        "start": bytes(finding.span.start), "end": bytes(finding.span.end),
        "statement": finding.statement.map(|index| index + 1),
        "blocks": finding.blocks.map(|blocks| blocks.name()),
        "fix": finding.fix.as_ref().map(fix),
    })
}

fn fix(fix: &Fix) -> Value {
    let edits = fix
        .edits
        .iter()
        .map(|edit| json!({ "start": edit.span.start, "end": edit.span.end, "text": edit.text }));
    json!({ "title": fix.title, "edits": edits.collect::<Vec<_>>() })
}

fn remark(remark: &Remark) -> Value {
    json!({ "line": remark.at.line, "column": remark.at.column, "message": remark.message })
}

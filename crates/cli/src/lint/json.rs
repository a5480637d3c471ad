//! The report as one object, version 1.

use serde_json::{Value, json};
use xtask_db_lint::{Finding, Fix, Level, Linted, Remark, Report};

use crate::output::JSON_VERSION;

/// Without the version, which the output adds.
pub(super) fn report(report: &Report) -> Value {
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
            let mut object = finding(&one.finding);
            object["by"] = json!(one.by);
            object["reason"] = json!(one.reason);
            object
        })
        .collect();
    json!({
        "id": file.id, "path": file.path,
        "findings": file.findings.iter().map(finding).collect::<Vec<_>>(),
        "allowed": allowed,
        "remarks": file.remarks.iter().map(remark).collect::<Vec<_>>(),
        "unread": file.unread.iter().map(remark).collect::<Vec<_>>(),
    })
}

fn finding(finding: &Finding) -> Value {
    json!({
        "rule": finding.rule.id, "name": finding.rule.name, "level": finding.level.name(),
        "possible": finding.possible, "object": finding.object, "message": finding.message,
        "safe": finding.help, "line": finding.at.line, "column": finding.at.column,
        "start": finding.span.start, "end": finding.span.end,
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

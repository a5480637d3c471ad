//! The report as SARIF 2.1.0, which code scanning of GitHub and others reads.

use serde_json::{Value, json};
use xtask_db_lint::{Allowed, Finding, Level, Linted, Report, Rule, rules};
use xtask_db_sql::Position;

use crate::context::VERSION;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

pub(super) fn report(report: &Report) -> Value {
    let results = report.files.iter().flat_map(|file| {
        let standing = file.findings.iter().map(|finding| result(file, finding));
        let allowed = file.allowed.iter().map(|allowed| suppressed(file, allowed));
        standing.chain(allowed).collect::<Vec<_>>()
    });
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "xtask-db lint",
                "version": VERSION,
                "rules": rules().iter().copied().map(rule).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": results.collect::<Vec<_>>(),
        }],
    })
}

fn rule(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "name": rule.name,
        "shortDescription": { "text": rule.sentence("…") },
        "help": { "text": rule.rewrite },
        "defaultConfiguration": { "level": level(rule.level) },
    })
}

fn result(file: &Linted, finding: &Finding) -> Value {
    let (path, at) = finding.shown_at(&file.path);
    let mut result = json!({
        "ruleId": finding.rule.id,
        "level": level(finding.level),
        "message": { "text": format!("{}; safe: {}", finding.message, finding.help) },
        "locations": [location(path, at)],
    });
    if finding.elsewhere.is_some() {
        // the query is the finding, the migration its cause
        result["relatedLocations"] = json!([location(&file.path, finding.at)]);
    }
    result
}

fn location(path: &str, at: Position) -> Value {
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(path) },
        "region": { "startLine": at.line, "startColumn": at.column },
    } })
}

fn suppressed(file: &Linted, allowed: &Allowed) -> Value {
    let mut result = result(file, &allowed.finding);
    let reason = allowed.reason.as_deref().unwrap_or(&allowed.by);
    result["suppressions"] = json!([{ "kind": "inSource", "justification": reason }]);
    result
}

const fn level(level: Level) -> &'static str {
    match level {
        Level::Off => "none",
        other => other.name(),
    }
}

/// A relative reference: what a URL does not have is escaped.
fn uri(path: &str) -> String {
    use std::fmt::Write as _;
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'\\' => uri.push('/'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            byte => drop(write!(uri, "%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_relative_reference() {
        assert_eq!(uri("migrations/1_a b/ü.sql"), "migrations/1_a%20b/%C3%BC.sql");
    }
}

//! The report for people.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use jiff::Timestamp;
use xtask_db_lint::{Finding, Level, Linted, Place, Remark, Report};

use super::{Chosen, Proof};
use crate::counted::counted;
use crate::snippet::Source;

const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
const DIM: Style = Style::new().dimmed();

/// Findings with their source, then notes, then the maintenance window, then the count.
pub(super) fn report(report: &Report, chosen: &Chosen, now: Timestamp) -> String {
    let mut text = String::new();
    for file in &report.files {
        self::file(&mut text, file, chosen);
    }
    if let Some(proof) = &chosen.proof {
        running(&mut text, proof);
    }
    if let Some(sizes) = &chosen.sizes {
        let _ = writeln!(text, "{}", sizes.summary(now));
    }
    window(&mut text, report);
    let _ = write!(text, "{}", summary(report, chosen));
    text
}

fn file(text: &mut String, file: &Linted, chosen: &Chosen) {
    let serious = |finding: &&Finding| finding.level > Level::Note;
    for finding in file.findings.iter().filter(serious) {
        let style = if finding.level == Level::Error { RED } else { YELLOW };
        let (level, rule) = (finding.level, finding.rule);
        let _ = writeln!(
            text,
            "{style}{level}[{}]{style:#} {}: {}",
            rule.id, rule.name, finding.message
        );
        let (path, at) = finding.shown_at(&file.path);
        let place = Source::at(path, chosen.text(path), at, String::new());
        let _ = writeln!(text, "{}", place.render());
        if finding.elsewhere.is_some() {
            let _ = writeln!(text, "  {DIM}after:{DIM:#} {}", file.path);
        }
        let _ = writeln!(text, "  {DIM}safe:{DIM:#} {}\n", finding.help);
    }
    let notes = file.findings.iter().filter(|finding| finding.level == Level::Note);
    let mut lines: Vec<String> = notes.map(|finding| note(file, finding)).collect();
    lines.extend(file.unread.iter().map(|remark| told(file, "not looked at", remark)));
    lines.extend(file.remarks.iter().map(|remark| told(file, "warning", remark)));
    lines.extend(file.allowed.iter().map(|allowed| {
        let finding = &allowed.finding;
        let (path, at) = finding.shown_at(&file.path);
        let why = allowed.reason.as_deref().unwrap_or(&allowed.by);
        format!(
            "allowed[{}] {}:{}:{} {} ({why})",
            finding.rule.id, path, at.line, at.column, finding.message
        )
    }));
    for line in &lines {
        let _ = writeln!(text, "{line}");
    }
    if !lines.is_empty() {
        text.push('\n');
    }
}

fn note(file: &Linted, finding: &Finding) -> String {
    let possible = if finding.possible { "possible: " } else { "" };
    let (rule, (path, at)) = (finding.rule, finding.shown_at(&file.path));
    let after = match finding.elsewhere {
        Some(_) => format!(" (after {})", file.path),
        None => String::new(),
    };
    let (line, column) = (at.line, at.column);
    format!("note[{}] {path}:{line}:{column} {possible}{}{after}", rule.id, finding.message)
}

fn told(file: &Linted, what: &str, remark: &Remark) -> String {
    format!("{what} {}:{}:{} {}", file.path, remark.at.line, remark.at.column, remark.message)
}

/// What the proof did not try, and how far it went.
fn running(text: &mut String, proof: &Proof) {
    // queries of another database lack the same tables: a line for each reason
    let mut reasons: BTreeMap<&str, Vec<&Place>> = BTreeMap::new();
    for untried in &proof.unproved {
        reasons.entry(&untried.why).or_default().push(&untried.place);
    }
    for (why, places) in &reasons {
        let (place, more) = (places[0], places.len() - 1);
        let (path, line, column) = (&place.path, place.at.line, place.at.column);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        let _ = writeln!(text, "not tried {path}:{line}:{column}{more}: {why}");
    }
    let _ = writeln!(text, "{}", proof.summary());
}

fn window(text: &mut String, report: &Report) {
    let windows: Vec<_> = report.windows().collect();
    if windows.is_empty() {
        return;
    }
    let _ = writeln!(text, "a maintenance window is needed:");
    for window in windows {
        let (finding, at) = (window.finding, window.finding.at);
        let _ = writeln!(
            text,
            "  {} stop: {} ({}, {}:{}:{})",
            window.blocks.name(),
            finding.message,
            finding.rule.id,
            window.path,
            at.line,
            at.column
        );
    }
    text.push('\n');
}

fn summary(report: &Report, chosen: &Chosen) -> String {
    let migrations = counted(chosen.count(), "migration");
    let which = &chosen.which;
    if chosen.count() == 0 {
        return format!("no migration to look at ({which})");
    }
    let count = |level, word| {
        let found = report.at_level(level).count();
        (found > 0).then(|| counted(found, word))
    };
    let allowed: usize = report.files.iter().map(|file| file.allowed.len()).sum();
    let parts = [
        count(Level::Error, "error"),
        count(Level::Warning, "warning"),
        count(Level::Note, "note"),
        (allowed > 0).then(|| format!("{allowed} allowed")),
    ];
    let found: Vec<String> = parts.into_iter().flatten().collect();
    let found = if found.is_empty() { "nothing found".to_owned() } else { found.join(", ") };
    let window = if report.windows().next().is_some() { "" } else { ", no maintenance window" };
    format!("{migrations} ({which}): {found}{window}")
}

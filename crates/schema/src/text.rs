//! Steps as the text of a migration: what a person reviews.

use std::fmt::Write as _;

use crate::{HazardKind, Run, Step};

/// What the file says when its statements cannot share a transaction.
const NO_TRANSACTION: &str = "-- xtask-db: no-transaction\n";

/// The text of a migration with these steps. What may be lost or may fail stands at its head,
/// whatever the rows of a development database said; what waits or rewrites stands above its
/// statement.
#[must_use]
pub fn migration_text(steps: &[Step]) -> String {
    let mut text = String::new();
    if apart(steps) {
        text.push_str(NO_TRANSACTION);
    }
    push_warnings(&mut text, steps);
    for (at, step) in steps.iter().enumerate() {
        let above = above(step);
        let tight = at > 0 && above.is_empty() && is_line(step) && is_line(&steps[at - 1]);
        if !text.is_empty() && !tight {
            text.push('\n');
        }
        for line in above {
            let _ = writeln!(text, "-- {line}");
        }
        let _ = writeln!(text, "{};", step.sql.trim_end());
    }
    text
}

/// The statements cannot share a transaction.
fn apart(steps: &[Step]) -> bool {
    let later = |step: &Step| step.run == Run::Later;
    steps.iter().any(|step| step.run == Run::Alone) || steps.iter().skip(1).any(later)
}

fn push_warnings(text: &mut String, steps: &[Step]) {
    let mut warnings: Vec<String> = Vec::new();
    for hazard in steps.iter().flat_map(|step| &step.hazards) {
        let serious = matches!(hazard.kind, HazardKind::DataLoss | HazardKind::Unexecutable);
        let sentence = one_line(&hazard.sentence());
        if serious && !warnings.contains(&sentence) {
            warnings.push(sentence);
        }
    }
    if warnings.is_empty() {
        return;
    }
    text.push_str("-- Warnings\n");
    for warning in warnings {
        let _ = writeln!(text, "--   {warning}");
    }
}

/// The comments above a statement.
fn above(step: &Step) -> Vec<String> {
    let slow = |kind| matches!(kind, HazardKind::Rewrite | HazardKind::Lock);
    let hazards = step.hazards.iter().filter(|hazard| slow(hazard.kind));
    let notes = step.note.iter().flat_map(|note| note.lines().map(str::to_owned));
    notes.chain(hazards.map(|hazard| one_line(&hazard.text))).collect()
}

/// A text from outside must not end the comment that it stands in.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_line(step: &Step) -> bool {
    !step.sql.trim_end().contains('\n')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Hazard;

    fn hazard(kind: HazardKind, text: &str) -> Hazard {
        Hazard { kind, object: "users".to_owned(), text: text.to_owned(), probe: None }
    }

    #[track_caller]
    fn check(steps: &[Step], expected: &str) {
        assert_eq!(migration_text(steps), expected);
    }

    #[test]
    fn statements_with_what_must_be_known() {
        check(&[], "");
        check(
            &[Step::new("DROP VIEW a"), Step::new("DROP VIEW b")],
            "DROP VIEW a;\nDROP VIEW b;\n",
        );
        let long = Step::new("CREATE TABLE a (\n    id INTEGER\n)");
        check(
            &[long.clone(), Step::new("DROP VIEW b"), long.note("needed")],
            "CREATE TABLE a (\n    id INTEGER\n);\n\nDROP VIEW b;\n\n\
             -- needed\nCREATE TABLE a (\n    id INTEGER\n);\n",
        );
    }

    #[test]
    fn what_is_lost_stands_first() {
        let lost = hazard(HazardKind::DataLoss, "the table users\nis dropped");
        let slow = hazard(HazardKind::Rewrite, "rewrites the table");
        check(
            &[Step::new("DROP TABLE users").hazard(lost.clone()).hazard(slow).hazard(lost)],
            "-- Warnings\n--   the table users is dropped\n\n\
             -- rewrites the table\nDROP TABLE users;\n",
        );
        let alone = Step::new("CREATE INDEX CONCURRENTLY i ON t (a)").run(Run::Alone);
        check(&[alone], "-- xtask-db: no-transaction\n\nCREATE INDEX CONCURRENTLY i ON t (a);\n");
    }
}

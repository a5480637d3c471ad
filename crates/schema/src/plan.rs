//! A plan: statements in order, with what is known of each.

use serde::{Deserialize, Serialize};

use crate::{Hazard, HazardKind};

/// Statements that lead from one catalog to another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// In the order in which they run.
    pub steps: Vec<Step>,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// One statement without its semicolon; its lines as they should be read in a migration.
    pub sql: String,
    /// Said above it in the migration, when the statement does not say it itself.
    pub note: Option<String>,
    /// What a person should know.
    pub hazards: Vec<Hazard>,
    /// Where it runs.
    pub run: Run,
}

/// Where a step may run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Run {
    /// With its neighbours in one migration.
    #[default]
    Together,
    /// In a migration that runs without a transaction: CONCURRENTLY.
    Alone,
    /// In a migration after the steps before it, which must be committed: a new enum value is used.
    Later,
}

/// Whether a plan takes the forms that block nobody where they cost nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Online {
    /// Where they are safer: CONCURRENTLY, `NOT VALID` then `VALIDATE`.
    #[default]
    Auto,
    /// The plain statements, in one migration.
    Never,
}

/// What a plan depends on beside the catalogs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanOptions {
    /// Forms that block nobody.
    pub online: Online,
}

impl Plan {
    /// The catalogs are equal.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Its hazards of one kind.
    pub fn hazards(&self, kind: HazardKind) -> impl Iterator<Item = &Hazard> {
        self.steps.iter().flat_map(|step| &step.hazards).filter(move |hazard| hazard.kind == kind)
    }

    /// Runs of steps that make one migration each.
    #[must_use]
    pub fn parts(&self) -> Vec<&[Step]> {
        let cut = |before: &Step, after: &Step| {
            after.run == Run::Later || (before.run == Run::Alone) != (after.run == Run::Alone)
        };
        self.steps.chunk_by(|before, after| !cut(before, after)).collect()
    }

    /// The statements as a script, each with its semicolon.
    #[must_use]
    pub fn script(&self) -> String {
        self.steps.iter().map(|step| format!("{};\n", step.sql)).collect()
    }
}

impl Step {
    /// A step without hazards that runs with its neighbours.
    #[must_use]
    pub fn new(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), note: None, hazards: Vec::new(), run: Run::Together }
    }

    /// With one more hazard.
    #[must_use]
    pub fn hazard(mut self, hazard: Hazard) -> Self {
        self.hazards.push(hazard);
        self
    }

    /// With a line of explanation above it.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// Where it runs.
    #[must_use]
    pub const fn run(mut self, run: Run) -> Self {
        self.run = run;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(runs: &str, expected: &str) {
        let step = |c: char| {
            Step::new(c).run(match c {
                'A' => Run::Alone,
                'L' => Run::Later,
                _ => Run::Together,
            })
        };
        let plan = Plan { steps: runs.chars().map(step).collect() };
        let part = |part: &[Step]| part.iter().map(|step| step.sql.as_str()).collect::<String>();
        let parts: Vec<String> = plan.parts().into_iter().map(part).collect();
        assert_eq!(parts.join(" "), expected, "{runs}");
    }

    #[test]
    fn parts_are_migrations() {
        check("", "");
        check("ttt", "ttt");
        check("ttAAt", "tt AA t");
        check("ttLt", "tt Lt");
        check("AL", "A L");
    }
}

//! Collects what the rules find in one file.

use xtask_db_sql::{Position, Span};

use crate::read::Statement;
use crate::{Finding, Level, Rule};

/// The findings of a file, before they are placed and sorted.
#[derive(Debug)]
pub(crate) struct Found {
    rule: &'static Rule,
    level: Level,
    statement: Option<usize>,
    pub(crate) findings: Vec<Finding>,
}

const UNPLACED: Position = Position { line: 1, column: 1 };

impl Found {
    pub(crate) const fn new(rule: &'static Rule) -> Self {
        Self { rule, level: Level::Error, statement: None, findings: Vec::new() }
    }

    /// What is added from here on is this rule's, about this statement.
    pub(crate) fn of(&mut self, rule: &'static Rule, level: Level, statement: Option<usize>) {
        (self.rule, self.level, self.statement) = (rule, level, statement);
    }

    /// Adds a finding of the rule, at these bytes, about this object.
    pub(crate) fn add(&mut self, span: Span, object: impl Into<String>) -> &mut Finding {
        let object = object.into();
        let finding = Finding {
            rule: self.rule,
            level: self.level,
            possible: false,
            message: self.rule.sentence(&object),
            help: self.rule.rewrite.to_owned(),
            object,
            span,
            at: UNPLACED,
            elsewhere: None,
            statement: self.statement,
            blocks: self.rule.blocks,
            fix: None,
        };
        self.findings.push(finding);
        let last = self.findings.len() - 1;
        &mut self.findings[last]
    }

    /// The same about a statement, by a rule that looks at the whole migration.
    pub(crate) fn add_to(&mut self, at: &Statement, object: impl Into<String>) -> &mut Finding {
        let finding = self.add(at.span, object);
        finding.statement = Some(at.index);
        finding
    }
}

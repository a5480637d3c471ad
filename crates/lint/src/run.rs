//! Runs the rules over migrations.

use std::collections::BTreeSet;

use xtask_db_history::{Migration, SqlFile};
use xtask_db_sql::{
    Control, DirectiveKind, Position, Script, Shape, SqlError, Step, Syntax, shape, split,
};

use crate::allow::{allows, settle};
use crate::found::Found;
use crate::read::{Kind, Statement, read};
use crate::report::{Linted, Remark, Report};
use crate::rule::{Check, Class};
use crate::scene::{File, Scene};
use crate::squawk::{self, Hit, Parsed};
use crate::state::State;
use crate::{Facts, Finding, Level, Options, Rule, registry};

/// A file that cannot be split into statements.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {error}")]
pub struct LintError {
    /// The migration.
    pub id: String,
    /// The file.
    pub path: String,
    /// Why.
    pub error: SqlError,
}

/// A migration of the history.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The migration.
    pub migration: &'a Migration,
    /// The rules look at it; of others only what they leave is read.
    pub look: bool,
}

/// Applies every rule to the migrations that are looked at. What the others leave is read from
/// their text; what `facts` know of the schema counts before that.
///
/// # Errors
/// A file that is looked at cannot be split into statements.
pub fn lint(
    inputs: &[Input<'_>],
    syntax: Syntax,
    options: &Options,
    facts: &dyn Facts,
) -> Result<Report, LintError> {
    let mut state = State::default();
    let mut report = Report::default();
    let first = inputs.iter().position(|input| input.look);
    for (index, Input { migration, look }) in inputs.iter().enumerate() {
        if Some(index) == first
            && let Some(relations) = facts.relations()
        {
            state.learn(relations, syntax.dialect);
        }
        if Some(index) == first {
            state.begin_run();
        }
        state.next_file();
        if !look {
            // what cannot be split is not this run's to tell
            let Ok(script) = split(&migration.up.text, syntax) else { continue };
            let statements = read(&migration.up.text, &script, syntax);
            statements.iter().for_each(|statement| state.apply(&statement.kind));
            continue;
        }
        let run = Run { migration, syntax, options, facts };
        report.files.push(run.file(&migration.up, false, &mut state)?);
        if let Some(backfill) = &migration.backfill {
            report.files.push(run.file(backfill, true, &mut state)?);
        }
    }
    Ok(report)
}

/// One migration.
struct Run<'a> {
    migration: &'a Migration,
    syntax: Syntax,
    options: &'a Options,
    facts: &'a dyn Facts,
}

impl<'a> Run<'a> {
    fn file(
        &self,
        sql: &'a SqlFile,
        backfill: bool,
        state: &mut State,
    ) -> Result<Linted, LintError> {
        let refused = |error| LintError {
            id: self.migration.id.to_string(),
            path: sql.path.to_string(),
            error,
        };
        let script = split(&sql.text, self.syntax).map_err(refused)?;
        let steps = shape(&sql.text, &script, self.syntax).map_err(refused)?;
        let file = self.read(sql, &script, &steps, backfill);
        let parsed = self.parse(&file);
        let findings = self.findings(&file, &parsed, state);
        let unread = unread(&file, &parsed);
        let allows = allows(&file, &script.directives, self.syntax);
        let (findings, allowed, remarks) = settle(place(findings, &sql.text), &allows);
        let (id, path) = (self.migration.id.to_string(), sql.path.to_string());
        Ok(Linted { id, path, findings, allowed, remarks, unread })
    }

    fn read(&self, sql: &'a SqlFile, script: &Script, shape: &Shape, backfill: bool) -> File<'a> {
        let begins =
            script.statements.iter().any(|one| one.effects.control == Some(Control::Begin));
        File {
            id: self.migration.id.as_str(),
            text: &sql.text,
            statements: read(&sql.text, script, self.syntax),
            steps: steps(shape, script.statements.len()),
            begins,
            moves: moves(&sql.text, script),
            backfill,
            has_down: self.migration.down.is_some(),
            has_readme: self.migration.readme.is_some(),
            irreversible: script
                .directives
                .iter()
                .any(|one| matches!(one.kind, DirectiveKind::Irreversible { .. })),
        }
    }

    fn parse(&self, file: &File<'_>) -> Parsed {
        match self.syntax.dialect {
            xtask_db_sql::Dialect::Postgres => {
                squawk::parse(file.text, file.begins, self.options.server, self.syntax)
            }
            _ => Parsed::default(),
        }
    }

    /// Statement by statement, each with the schema before it; then the file as a whole.
    fn findings(&self, file: &File<'a>, parsed: &Parsed, state: &mut State) -> Vec<Finding> {
        let start = state.clone();
        let nothing = BTreeSet::new();
        let mut found = Found::new(registry::rules()[0]);
        for statement in &file.statements {
            let scene = self.scene(file, &start, state, &nothing);
            for rule in self.rules() {
                found.of(rule, self.options.level(rule), Some(statement.index));
                self.statement(rule, statement, &scene, parsed, &mut found);
            }
            if !file.backfill {
                state.apply(&statement.kind);
            }
        }
        for last in [false, true] {
            let fired = fired(&found.findings);
            let scene = self.scene(file, &start, state, &fired);
            for rule in self.rules().filter(|_| !file.backfill) {
                found.of(rule, self.options.level(rule), None);
                match rule.check {
                    Check::Migration(check) if !last => check(&scene, &mut found),
                    Check::Last(check) if last => check(&scene, &mut found),
                    _ => {}
                }
            }
        }
        found.findings
    }

    fn statement(
        &self,
        rule: &'static Rule,
        statement: &Statement,
        scene: &Scene<'_>,
        parsed: &Parsed,
        found: &mut Found,
    ) {
        match rule.check {
            Check::Backfill(check) if scene.file.backfill => check(statement, scene, found),
            _ if scene.file.backfill => return,
            Check::Statement(check) if scene.is(rule.own) => check(statement, scene, found),
            _ => {}
        }
        let Some(judge) = rule.squawk else { return };
        let of_rule = parsed.hits.iter().filter(|hit| hit.id == rule.id);
        let within = |at: usize| statement.span.start <= at && at < statement.span.end;
        for raw in of_rule.filter(|hit| within(hit.span.start)) {
            let (span, fix) = (raw.span, raw.fix.as_ref());
            judge(&Hit { rule: &raw.rule, statement, span, fix }, scene, found);
        }
    }

    fn rules(&self) -> impl Iterator<Item = &'static Rule> {
        let family = self.options.server.family;
        registry::rules()
            .iter()
            .copied()
            .filter(move |rule| rule.servers.has(family) && self.options.level(rule) > Level::Off)
    }

    fn scene<'s>(
        &'s self,
        file: &'s File<'a>,
        start: &'s State,
        state: &'s State,
        fired: &'s BTreeSet<&'static str>,
    ) -> Scene<'s> {
        Scene {
            server: self.options.server,
            syntax: self.syntax,
            file,
            start,
            state,
            facts: self.facts,
            large: self.options.large,
            fired,
        }
    }
}

/// A wrong suspicion only makes an answer unknown.
fn moves(text: &str, script: &Script) -> bool {
    let uses = |span: xtask_db_sql::Span| {
        let word = text.get(span.range()).and_then(|text| text.split_whitespace().next());
        word.is_some_and(|word| word.eq_ignore_ascii_case("use"))
    };
    text.to_ascii_lowercase().contains("search_path")
        || script.statements.iter().any(|statement| uses(statement.span))
}

/// Rules about data, locks and running code that found more than a note.
fn fired(findings: &[Finding]) -> BTreeSet<&'static str> {
    let serious = findings.iter().filter(|finding| finding.level > Level::Note);
    let counts = serious.filter(|finding| finding.rule.class() != Class::Design);
    counts.map(|finding| finding.rule.id).collect()
}

/// For each statement the number of the step that commits it.
fn steps(shape: &Shape, statements: usize) -> Vec<usize> {
    let Shape::Journaled { steps } = shape else { return vec![0; statements] };
    let mut numbers = Vec::with_capacity(statements);
    for (number, step) in steps.iter().enumerate() {
        let count = match step {
            Step::Together(range) | Step::Block(range) => range.len(),
            Step::Alone(_) => 1,
        };
        numbers.extend(std::iter::repeat_n(number, count));
    }
    numbers
}

/// Statements of which not everything was looked at.
fn unread(file: &File<'_>, parsed: &Parsed) -> Vec<Remark> {
    let remark = |statement: &Statement, message: String| Remark {
        span: statement.span,
        at: statement.at,
        message,
    };
    let mut remarks = Vec::new();
    for statement in &file.statements {
        let within = parsed
            .unread
            .iter()
            .any(|span| span.start < statement.span.end && statement.span.start <= span.end);
        if within {
            let why =
                "the PostgreSQL parser cannot read this statement: its rules were not applied";
            remarks.push(remark(statement, why.to_owned()));
        } else if let Kind::Opaque(word) = statement.kind {
            remarks.push(remark(statement, format!("what {word} runs is not looked into")));
        } else if statement.cut && statement.kind.writes().is_empty() {
            let why = "the statement is so long that only its beginning was read";
            remarks.push(remark(statement, why.to_owned()));
        }
    }
    remarks
}

/// In the order of the text, each with its line and column; the same finding twice is one.
fn place(mut findings: Vec<Finding>, text: &str) -> Vec<Finding> {
    findings.sort_by(|a, b| (a.span.start, a.rule.id).cmp(&(b.span.start, b.rule.id)));
    findings.dedup_by(|b, a| {
        (a.rule.id, a.span, &a.object, &a.message, &a.elsewhere)
            == (b.rule.id, b.span, &b.object, &b.message, &b.elsewhere)
    });
    let mut at = Position { line: 1, column: 1 };
    let mut byte = 0;
    for finding in &mut findings {
        for c in text[byte..finding.span.start].chars() {
            (at.line, at.column) =
                if c == '\n' { (at.line + 1, 1) } else { (at.line, at.column + 1) };
        }
        byte = finding.span.start;
        finding.at = at;
    }
    findings
}

//! stdout is the answer, stderr is everything else.
//!
//! Invariant: with `--json` stdout holds exactly one object.

use std::io::Write as _;

use anstyle::{AnsiColor, Style};
use serde_json::{Value, json};

use crate::codes::Problem;

/// The version of the JSON answers.
pub(crate) const JSON_VERSION: u32 = 1;

/// The answer of a command.
#[derive(Debug, Default)]
pub(crate) struct Reply {
    /// For people, without a line end.
    pub(crate) text: String,
    /// For programs; `version` is added.
    pub(crate) json: Value,
    /// What is wrong all the same: its exit status counts, and the answer is printed.
    pub(crate) problem: Option<Box<Problem>>,
}

impl Reply {
    pub(crate) fn new(text: impl Into<String>, json: Value) -> Self {
        Self { text: text.into(), json, problem: None }
    }

    pub(crate) fn problem(mut self, problem: Problem) -> Self {
        self.problem = Some(Box::new(problem));
        self
    }
}

/// How to print.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Output {
    pub(crate) json: bool,
    pub(crate) quiet: bool,
    /// GitHub Actions reads annotations from the log.
    pub(crate) github: bool,
}

const RED: Style = AnsiColor::Red.on_default().bold();
const DIM: Style = Style::new().dimmed();

impl Output {
    /// A line of progress.
    pub(crate) fn say(self, line: impl std::fmt::Display) {
        if !self.quiet {
            let _ = writeln!(anstream::stderr(), "{line}");
        }
    }

    /// A line of progress that matters less.
    pub(crate) fn whisper(self, line: impl std::fmt::Display) {
        self.say(format!("{DIM}{line}{DIM:#}"));
    }

    /// Prints an answer and returns its exit status.
    pub(crate) fn reply(self, reply: &Reply) -> u8 {
        if self.json {
            let mut object = versioned(&reply.json);
            if let Some(problem) = &reply.problem {
                object["error"] = error(problem);
            }
            print(&object);
        } else if !reply.text.is_empty() {
            let _ = writeln!(anstream::stdout(), "{}", reply.text);
        }
        match &reply.problem {
            None => crate::exit::OK,
            Some(problem) => {
                self.explain(problem);
                problem.exit
            }
        }
    }

    /// Prints a fault and returns its exit status.
    pub(crate) fn fail(self, problem: &Problem) -> u8 {
        if self.json {
            print(&json!({ "version": JSON_VERSION, "error": error(problem) }));
        }
        self.explain(problem);
        problem.exit
    }

    /// Annotations on stderr, a line each.
    #[cfg(feature = "lint")]
    pub(crate) fn annotate(self, lines: &str) {
        if !lines.is_empty() {
            let _ = writeln!(anstream::stderr(), "{lines}");
        }
    }

    /// A fault on stderr: fact, place, details, next commands; never silenced.
    fn explain(self, problem: &Problem) {
        self.explain_one(problem);
        problem.also.iter().for_each(|problem| self.explain(problem));
    }

    fn explain_one(self, problem: &Problem) {
        let mut err = anstream::stderr().lock();
        let code = problem.code;
        let _ = writeln!(err, "{RED}error[{code}]{RED:#}: {}", problem.fact);
        if let Some(source) = &problem.source {
            let _ = writeln!(err, "{}", source.render());
        }
        for detail in &problem.details {
            let _ = writeln!(err, "  {detail}");
        }
        for hint in &problem.hints {
            let _ = writeln!(err, "  {DIM}next:{DIM:#} {hint}");
        }
        if self.github {
            let _ = writeln!(err, "{}", annotation(problem));
        }
    }
}

fn print(object: &Value) {
    let _ = writeln!(anstream::stdout(), "{object}");
}

fn versioned(value: &Value) -> Value {
    let mut object = json!({ "version": JSON_VERSION });
    if let (Some(to), Some(from)) = (object.as_object_mut(), value.as_object()) {
        to.extend(from.clone());
    }
    object
}

fn error(problem: &Problem) -> Value {
    json!({
        "code": problem.code,
        "exit": problem.exit,
        "message": problem.fact,
        "details": problem.details,
        "data": problem.data,
        "hints": problem.hints,
    })
}

/// `::error file=…,line=…,col=…,title=…::message`, its special characters escaped.
fn annotation(problem: &Problem) -> String {
    let mut properties = Vec::new();
    if let Some(path) = &problem.path {
        properties.push(format!("file={}", annotation_property(path)));
    }
    if let Some(source) = &problem.source {
        properties.push(format!("line={},col={}", source.at.line, source.at.column));
    }
    properties.push(format!("title={}", problem.code));
    let mut message = problem.fact.clone();
    for line in problem.details.iter().chain(&problem.hints) {
        message.push('\n');
        message.push_str(line);
    }
    format!("::error {}::{}", properties.join(","), annotation_text(&message))
}

/// The message of an annotation.
pub(crate) fn annotation_text(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value between the commas of an annotation.
pub(crate) fn annotation_property(text: &str) -> String {
    annotation_text(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn annotations_escape_what_github_reads() {
        let problem = Problem::new("XDB0501", 6, "100% of a\nb").path("a,b:c");
        let expected = "::error file=a%2Cb%3Ac,title=XDB0501::100%25 of a%0Ab";
        assert_eq!(annotation(&problem), expected);
    }
}

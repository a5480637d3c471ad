//! Finds the comments, and the statement that each is about.

use xtask_db_sql::{Directive, DirectiveKind, Position, Span, TokenKind, position};

use crate::read::Statement;
use crate::registry;
use crate::scene::File;
use crate::squawk;

/// The engine's own word: a rebuild may lose rows.
const ROW_LOSS: &str = "row-loss";
const SQUAWK_FILE: &str = "squawk-ignore-file";
const SQUAWK: &str = "squawk-ignore";
const ATLAS: &str = "atlas:nolint";

/// A comment that silences.
#[derive(Debug)]
pub(crate) struct Allow {
    pub(crate) span: Span,
    pub(crate) at: Position,
    /// As written: `allow K01`, `squawk-ignore ban-drop-table`.
    pub(crate) shown: String,
    /// Why; the other tools' comments have no place for it.
    pub(crate) reason: Option<String>,
    /// The rules; none: all of them.
    pub(crate) ids: Option<Vec<&'static str>>,
    /// Names that are no rule, with the nearest one.
    pub(crate) unknown: Vec<(String, Option<&'static str>)>,
    pub(crate) scope: Scope,
    /// It names rules that nobody asks here: nothing to silence, and nothing wrong with it.
    pub(crate) idle: bool,
}

/// What a comment is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    File,
    Statement(usize),
    /// No statement follows.
    Nothing,
}

/// Every comment of a file that silences, in order.
pub(crate) fn allows(
    file: &File<'_>,
    directives: &[Directive],
    syntax: xtask_db_sql::Syntax,
) -> Vec<Allow> {
    let mut allows: Vec<Allow> =
        directives.iter().filter_map(|one| of_directive(file, one)).collect();
    if file.text.contains(SQUAWK) || file.text.contains(ATLAS) {
        let tokens = xtask_db_sql::tokens(file.text, syntax);
        let comments = tokens.filter(|token| token.kind == TokenKind::Comment);
        allows.extend(comments.filter_map(|token| of_comment(file, token.span)));
    }
    allows.sort_by_key(|allow| allow.span.start);
    allows
}

fn of_directive(file: &File<'_>, directive: &Directive) -> Option<Allow> {
    let DirectiveKind::Allow { rule, reason } = &directive.kind else { return None };
    if rule == ROW_LOSS {
        return None;
    }
    let mut ids = Vec::new();
    let mut unknown = Vec::new();
    for name in rule.split(',').filter(|name| !name.is_empty()) {
        match registry::find(name) {
            Some(rule) => ids.push(rule.id),
            None => unknown.push((name.to_owned(), registry::nearest(name))),
        }
    }
    Some(Allow {
        span: directive.span,
        at: directive.at,
        shown: format!("allow {rule}"),
        reason: Some(reason.clone()),
        ids: Some(ids),
        unknown,
        scope: scope(file, directive.span),
        idle: false,
    })
}

fn of_comment(file: &File<'_>, span: Span) -> Option<Allow> {
    let comment = file.text.get(span.range())?;
    let body = comment.trim_start_matches(['-', '/', '*', ' ']).trim_end_matches(['*', '/']);
    // `-- squawk-ignore ban-drop-table -- since …`
    let body = body.split("--").next().unwrap_or_default().trim();
    let (word, names) = [SQUAWK_FILE, SQUAWK, ATLAS]
        .into_iter()
        .find_map(|word| Some((word, body.strip_prefix(word)?)))?;
    let names: Vec<&str> =
        names.split([',', ' ']).map(str::trim).filter(|name| !name.is_empty()).collect();
    let mut found = Vec::new();
    let mut unknown = Vec::new();
    for name in &names {
        let ids = if word == ATLAS { atlas(name) } else { squawk::ids(name) };
        match ids {
            Some(ids) => found.extend(ids),
            None => unknown.push(((*name).to_owned(), None)),
        }
    }
    let idle = !names.is_empty() && found.is_empty() && unknown.is_empty();
    Some(Allow {
        span,
        at: position(file.text, span.start),
        shown: body.to_owned(),
        reason: None,
        ids: (!names.is_empty()).then_some(found),
        unknown,
        scope: if word == SQUAWK_FILE { Scope::File } else { scope(file, span) },
        idle,
    })
}

/// Our ids of a code of Atlas; codes that are nobody's here silence nothing, and are no mistake.
fn atlas(code: &str) -> Option<Vec<&'static str>> {
    let rules = registry::rules().iter();
    Some(rules.filter(|rule| rule.atlas.contains(&code)).map(|rule| rule.id).collect())
}

/// The statement that a comment is in, behind on its line, or before.
fn scope(file: &File<'_>, comment: Span) -> Scope {
    let statements = &file.statements;
    let next = statements.partition_point(|one| one.span.end <= comment.start);
    let behind = next.checked_sub(1).and_then(|index| statements.get(index));
    let on_its_line = |one: &&Statement| {
        let between = file.text.get(one.span.end..comment.start).unwrap_or_default();
        !between.contains('\n')
    };
    if let Some(behind) = behind.filter(on_its_line) {
        return Scope::Statement(behind.index);
    }
    statements.get(next).map_or(Scope::Nothing, |one| Scope::Statement(one.index))
}

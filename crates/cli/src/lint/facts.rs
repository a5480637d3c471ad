//! What a database knows of its tables and rows, for the rules.
//!
//! Invariant: nothing is changed, and one question runs for a limited time.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Duration;

use xtask_db_engine::{Answer, DbUrl, Session, ask, introspect};
use xtask_db_lint::{Facts, Question};
use xtask_db_schema::Relation;
use xtask_db_sql::Syntax;

use crate::context::Context;
use crate::fault::Fault;

/// One question may take this long; then its answer is not known.
const QUESTION_MAX: Duration = Duration::from_secs(10);
/// More are not asked.
const QUESTIONS_MAX: usize = 500;
/// An answer may lead to another question.
pub(crate) const ROUNDS_MAX: usize = 4;

/// What was asked, and the answers.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    relations: Option<Vec<Relation>>,
    answers: HashMap<Question, Option<u64>>,
    open: RefCell<Vec<Question>>,
}

impl Facts for Rows {
    fn relations(&self) -> Option<&[Relation]> {
        self.relations.as_deref()
    }

    fn count(&self, question: &Question) -> Option<u64> {
        if let Some(answer) = self.answers.get(question) {
            return *answer;
        }
        let mut open = self.open.borrow_mut();
        if !open.contains(question) {
            open.push(question.clone());
        }
        None
    }
}

impl Rows {
    /// Reads the tables.
    pub(crate) async fn read(
        &mut self,
        context: &Context,
        session: &mut Session,
    ) -> Result<(), Fault> {
        let catalog = introspect(session, &context.project()?.scope()).await?;
        self.relations = Some(catalog.relations());
        Ok(())
    }

    /// Asks what the rules wanted to know; whether there was anything.
    pub(crate) async fn answer(
        &mut self,
        session: &mut Session,
        syntax: Syntax,
    ) -> Result<bool, Fault> {
        let open = self.open.take();
        let any = !open.is_empty() && self.answers.len() < QUESTIONS_MAX;
        for question in open.into_iter().take(QUESTIONS_MAX) {
            let answer = match question.sql(syntax) {
                None => None,
                Some(sql) => match ask(session, &sql).await? {
                    Answer::Rows(rows) => Some(rows),
                    // a migration that is pending makes it: no row is there before the run
                    Answer::Absent => Some(0),
                    Answer::Unknown => None,
                },
            };
            self.answers.insert(question, answer);
        }
        Ok(any)
    }
}

/// A session of its own, whose statements are short.
pub(crate) async fn open(
    context: &Context,
    history: &xtask_db_history::History,
) -> Result<Session, Fault> {
    let url = context.url(history.dialect())?;
    open_for(context, &url.value, &history.lock.table).await
}

/// The same where no migrations are needed.
pub(crate) async fn open_for(
    context: &Context,
    url: &DbUrl,
    table: &str,
) -> Result<Session, Fault> {
    let mut options = context.session()?;
    let limit = options.statement_timeout.map_or(QUESTION_MAX, |limit| limit.min(QUESTION_MAX));
    options.statement_timeout = Some(limit);
    Ok(Session::open(url, table, &options).await?)
}

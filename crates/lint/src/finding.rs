//! What a rule found, and the edit that mends it.

use xtask_db_sql::{Position, Span};

use crate::{Blocks, Level, Place, Rule};

/// One finding.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// How much it matters here.
    pub level: Level,
    /// It depends on rows or objects that were not looked at.
    pub possible: bool,
    /// The object as the user writes it: `users.email`; empty when it is the migration.
    pub object: String,
    /// One sentence.
    pub message: String,
    /// The safe way.
    pub help: String,
    /// Its bytes in the file.
    pub span: Span,
    /// Where it starts.
    pub at: Position,
    /// Where it is, when that is not in the file: a query of the release that is running.
    pub elsewhere: Option<Place>,
    /// The number of its statement, from 0; none when it is about the whole file.
    pub statement: Option<usize>,
    /// What others cannot do meanwhile.
    pub blocks: Option<Blocks>,
    /// Edits that mend it.
    pub fix: Option<Fix>,
}

/// Edits of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What is done: `add CONCURRENTLY`.
    pub title: String,
    /// They do not overlap.
    pub edits: Vec<Edit>,
}

/// Bytes of a file and what takes their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The bytes; empty: text is put in.
    pub span: Span,
    /// What takes their place.
    pub text: String,
}

impl Finding {
    /// Where a reader is sent: the file that it is about, and the place there.
    #[must_use]
    pub fn shown_at<'f>(&'f self, file: &'f str) -> (&'f str, Position) {
        self.elsewhere.as_ref().map_or((file, self.at), |place| (&place.path, place.at))
    }

    /// Another sentence than the rule's.
    pub(crate) fn because(&mut self, message: impl Into<String>) -> &mut Self {
        self.message = message.into();
        self
    }

    /// Another way than the rule's.
    pub(crate) fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = help.into();
        self
    }

    /// It depends on what was not looked at: a note, and no reason for a maintenance window.
    pub(crate) fn possible(&mut self) -> &mut Self {
        self.possible = true;
        self.level = self.level.min(Level::Note);
        self.blocks = None;
        self
    }

    /// The same for what is seldom right: a warning.
    pub(crate) fn doubtful(&mut self) -> &mut Self {
        self.possible = true;
        self.at_most(Level::Warning)
    }

    /// At most this level, whatever the rule's.
    pub(crate) fn at_most(&mut self, level: Level) -> &mut Self {
        self.level = self.level.min(level);
        self
    }

    /// What others cannot do meanwhile.
    pub(crate) fn blocks(&mut self, blocks: Option<Blocks>) -> &mut Self {
        self.blocks = blocks;
        self
    }

    /// How it is mended.
    pub(crate) fn fix(&mut self, fix: Option<Fix>) -> &mut Self {
        self.fix = fix;
        self
    }
}

impl Fix {
    pub(crate) fn insert(title: &str, at: usize, text: impl Into<String>) -> Self {
        Self::replace(title, Span { start: at, end: at }, text)
    }

    pub(crate) fn replace(title: &str, span: Span, text: impl Into<String>) -> Self {
        let edit = Edit { span, text: text.into() };
        Self { title: title.to_owned(), edits: vec![edit] }
    }
}

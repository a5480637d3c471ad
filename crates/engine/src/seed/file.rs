//! A file with rows, its table, and what may be wrong with it.

use std::fmt;

use super::cell::Cell;

/// A file with rows.
#[derive(Debug, Clone)]
pub struct SeedFile {
    /// As it is shown.
    pub path: String,
    /// The table that it is named after.
    pub table: String,
    /// Its text.
    pub text: SeedText,
}

/// The text of a file with rows.
#[derive(Debug, Clone)]
pub enum SeedText {
    /// An array of flat objects.
    Json(String),
    /// With a line of names.
    Csv(String),
}

/// Something wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeedProblem {
    /// The file.
    pub path: String,
    /// The line, from 1; none when it is about the whole file.
    pub line: Option<u32>,
    /// The field.
    pub field: Option<String>,
    /// What is wrong.
    pub what: String,
}

impl std::error::Error for SeedProblem {}

impl fmt::Display for SeedProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(field) = &self.field {
            write!(f, ": {field}")?;
        }
        write!(f, ": {}", self.what)
    }
}

/// A row as the file has it; fields that are not there are not touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) line: u32,
    pub(super) fields: Vec<(String, Cell)>,
}

/// A row, or where and why there is none.
pub(super) type Read = Result<Row, (Option<u32>, String)>;

impl SeedFile {
    /// Calls `each` with the rows in order; stops at the first that is not read, or that `each`
    /// refuses.
    pub(super) fn rows(&self) -> Box<dyn Iterator<Item = Read> + '_> {
        match &self.text {
            SeedText::Json(text) => super::json_rows::rows(text),
            SeedText::Csv(text) => super::csv_rows::rows(text),
        }
    }

    /// A problem of this file.
    pub(super) fn problem(
        &self,
        line: Option<u32>,
        field: Option<&str>,
        what: impl Into<String>,
    ) -> SeedProblem {
        let field = field.map(str::to_owned);
        SeedProblem { path: self.path.clone(), line, field, what: what.into() }
    }
}

/// A row, or why there is none, as tests show it.
#[cfg(test)]
pub(super) fn shown(read: Read) -> String {
    match read {
        Ok(row) => format!("{} {:?}", row.line, row.fields),
        Err((line, what)) => format!("{line:?} {what}"),
    }
}

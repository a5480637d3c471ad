//! A view.

use serde::{Deserialize, Serialize};

/// A view. Its definer is whoever creates it: said where it is another one, never compared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Its name.
    pub name: String,
    /// `MERGE`, `TEMPTABLE`; the server's choice.
    pub algorithm: Option<String>,
    /// It runs with the rights of who asks.
    pub invoker: bool,
    /// From the column list or `AS` to the end.
    pub body: String,
    /// The views its text names, which come before it.
    pub needs: Vec<String>,
    /// What it gives: follows from the rest, so it is not compared.
    pub columns: Vec<ViewColumn>,
}

/// A column of a view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewColumn {
    /// Its name.
    pub name: String,
    /// Its type.
    pub data_type: String,
    /// It may be null.
    pub nullable: bool,
}

impl View {
    /// Equal, as far as it is compared.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        (&self.name, &self.algorithm, self.invoker, &self.body)
            == (&other.name, &other.algorithm, other.invoker, &other.body)
    }
}

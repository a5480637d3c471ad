//! What the application says about its types.

use std::collections::BTreeMap;

/// What the application says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The crate that has dates and times.
    pub time: Time,
    /// Rust types by SQL type (`citext`) or by column (`users.settings`), which comes first.
    pub types: BTreeMap<String, String>,
    /// Names of structs and enums by table or type.
    pub names: BTreeMap<String, String>,
    /// Derived beside what is always derived.
    pub derive: Vec<String>,
}

/// The crate that has dates and times; sqlx reads both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Time {
    /// `time`.
    #[default]
    Time,
    /// `chrono`.
    Chrono,
}

/// A column whose type has no Rust type; [`Options::types`] gives it one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// `users.position`.
    pub column: String,
    /// `point`.
    pub type_name: String,
}

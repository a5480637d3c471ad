//! The tables and enum types of the database, written by `cargo xtask db generate`.
//! Do not edit: the next run overwrites it.

/// Table `users`.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Users {
    /// Column `id`.
    pub id: i64,
    /// Column `userName`.
    #[sqlx(rename = "userName")]
    pub user_name: String,
    /// Column `type`.
    pub r#type: Option<String>,
    /// Column `score`.
    pub score: f64,
    /// Column `picture`.
    pub picture: Option<Vec<u8>>,
    /// Column `active`.
    pub active: bool,
    /// Column `born`.
    pub born: Option<time::Date>,
    /// Column `created_at`.
    pub created_at: time::PrimitiveDateTime,
    /// Column `doubled`.
    pub doubled: Option<i64>,
}

/// View `active_users`.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ActiveUser {
    /// Column `id`.
    pub id: Option<i64>,
    /// Column `userName`.
    #[sqlx(rename = "userName")]
    pub user_name: Option<String>,
}

//! The tables and enum types of the database, written by `cargo xtask db generate`.
//! Do not edit: the next run overwrites it.

/// Values of `mood`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[sqlx(type_name = "mood")]
pub enum Mood {
    /// `happy`
    #[sqlx(rename = "happy")]
    #[cfg_attr(feature = "serde", serde(rename = "happy"))]
    Happy,
    /// `so so`
    #[sqlx(rename = "so so")]
    #[cfg_attr(feature = "serde", serde(rename = "so so"))]
    SoSo,
    /// `2 sad`
    #[sqlx(rename = "2 sad")]
    #[cfg_attr(feature = "serde", serde(rename = "2 sad"))]
    Value2Sad,
}

/// Table `users`.
///
/// Those who sign in.
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
    /// Column `email`.
    pub email: Option<String>,
    /// Column `mood`.
    pub mood: Mood,
    /// Column `moods`.
    pub moods: Vec<Mood>,
    /// Column `tags`.
    pub tags: Option<Vec<String>>,
    /// Column `small`.
    pub small: i16,
    /// What they pay a month.
    pub price: Option<rust_decimal::Decimal>,
    /// Column `token`.
    pub token: Option<uuid::Uuid>,
    /// Column `settings`.
    pub settings: serde_json::Value,
    /// Column `born`.
    pub born: Option<time::Date>,
    /// Column `seen`.
    pub seen: Option<time::PrimitiveDateTime>,
    /// Column `created_at`.
    pub created_at: time::OffsetDateTime,
    /// Column `picture`.
    pub picture: Option<Vec<u8>>,
}

/// View `happy_users`.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct HappyUsers {
    /// Column `id`.
    pub id: Option<i64>,
    /// Column `mood`.
    pub mood: Option<Mood>,
}

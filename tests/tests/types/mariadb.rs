//! The tables and enum types of the database, written by `cargo xtask db generate`.
//! Do not edit: the next run overwrites it.

/// Values of `mood`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum UsersMood {
    /// `happy`
    #[cfg_attr(feature = "serde", serde(rename = "happy"))]
    Happy,
    /// `so so`
    #[cfg_attr(feature = "serde", serde(rename = "so so"))]
    SoSo,
}

impl UsersMood {
    /// The value as the database has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Happy => "happy",
            Self::SoSo => "so so",
        }
    }
}

impl sqlx::Type<sqlx::MySql> for UsersMood {
    fn type_info() -> sqlx::mysql::MySqlTypeInfo {
        <str as sqlx::Type<sqlx::MySql>>::type_info()
    }

    fn compatible(found: &sqlx::mysql::MySqlTypeInfo) -> bool {
        <str as sqlx::Type<sqlx::MySql>>::compatible(found)
    }
}

impl<'r> sqlx::Decode<'r, sqlx::MySql> for UsersMood {
    fn decode(value: sqlx::mysql::MySqlValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
        match <&str as sqlx::Decode<'r, sqlx::MySql>>::decode(value)? {
            "happy" => Ok(Self::Happy),
            "so so" => Ok(Self::SoSo),
            other => Err(format!("{other:?} is no value of UsersMood").into()),
        }
    }
}

impl sqlx::Encode<'_, sqlx::MySql> for UsersMood {
    fn encode_by_ref(
        &self,
        buffer: &mut Vec<u8>,
    ) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
        <&str as sqlx::Encode<'_, sqlx::MySql>>::encode_by_ref(&self.as_str(), buffer)
    }
}

/// Table `users`.
///
/// Those who sign in.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Users {
    /// Column `id`.
    pub id: u64,
    /// As shown.
    #[sqlx(rename = "userName")]
    pub user_name: String,
    /// Column `type`.
    pub r#type: Option<String>,
    /// Column `mood`.
    pub mood: UsersMood,
    /// Column `small`.
    pub small: i16,
    /// Column `active`.
    pub active: bool,
    /// Column `price`.
    pub price: Option<rust_decimal::Decimal>,
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
    pub id: u64,
    /// Column `mood`.
    pub mood: UsersMood,
}

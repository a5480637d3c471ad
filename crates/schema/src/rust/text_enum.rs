//! MySQL: an enum as text. The derived `sqlx::Type` does not read a column that is NOT NULL, since
//! sqlx 0.9 compares all flags of the two types.

use std::fmt::Write as _;

/// The implementations for an enum: `(variant, value)` in order.
pub(super) fn implementations(text: &mut String, name: &str, variants: &[(String, String)]) {
    let mut arms = [String::new(), String::new()];
    for (variant, value) in variants {
        let _ = writeln!(arms[0], "            Self::{variant} => {value:?},");
        let _ = writeln!(arms[1], "            {value:?} => Ok(Self::{variant}),");
    }
    let [shown, read] = arms;
    let _ = write!(
        text,
        "
impl {name} {{
    /// The value as the database has it.
    pub const fn as_str(self) -> &'static str {{
        match self {{
{shown}        }}
    }}
}}

impl sqlx::Type<sqlx::MySql> for {name} {{
    fn type_info() -> sqlx::mysql::MySqlTypeInfo {{
        <str as sqlx::Type<sqlx::MySql>>::type_info()
    }}

    fn compatible(found: &sqlx::mysql::MySqlTypeInfo) -> bool {{
        <str as sqlx::Type<sqlx::MySql>>::compatible(found)
    }}
}}

impl<'r> sqlx::Decode<'r, sqlx::MySql> for {name} {{
    fn decode(value: sqlx::mysql::MySqlValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {{
        match <&str as sqlx::Decode<'r, sqlx::MySql>>::decode(value)? {{
{read}            other => Err(format!(\"{{other:?}} is no value of {name}\").into()),
        }}
    }}
}}

impl sqlx::Encode<'_, sqlx::MySql> for {name} {{
    fn encode_by_ref(
        &self,
        buffer: &mut Vec<u8>,
    ) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {{
        <&str as sqlx::Encode<'_, sqlx::MySql>>::encode_by_ref(&self.as_str(), buffer)
    }}
}}
"
    );
}

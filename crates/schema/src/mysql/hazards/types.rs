//! What values a type holds.

/// A type, as far as it limits its values.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Type {
    /// Whole numbers from the least to the greatest.
    Integer(i128, i128),
    /// `decimal`: digits before and behind the point.
    Decimal(u64, u64),
    /// `float`, `double`.
    Float(u8),
    /// Characters: `char`, `varchar`.
    Chars(u64),
    /// Bytes of text: `tinytext` to `longtext`.
    Text(u64),
    /// Bytes: `binary`, `varbinary`, blobs.
    Bytes(u64),
    /// `enum` and its values as literals.
    Enum(Vec<String>),
    /// `set` and its values as literals.
    Set(Vec<String>),
    /// `date`.
    Date,
    /// `datetime`, `timestamp`, `time` and digits of the second.
    Moment(String, u64),
    /// Another one, as it is written.
    Other(String),
}

impl Type {
    /// Reads the server's text: `int(10) unsigned`.
    pub(super) fn read(text: &str) -> Self {
        let lower = text.to_ascii_lowercase();
        let word_end = lower.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(lower.len());
        let (word, rest) = lower.split_at(word_end);
        let inside = rest.strip_prefix('(').and_then(|rest| Some(rest.split_once(')')?.0));
        let mut numbers = inside.unwrap_or_default().split(',').map(|part| part.trim().parse());
        let mut number = |default: u64| numbers.next().and_then(Result::ok).unwrap_or(default);
        let unsigned = rest.contains("unsigned");
        match word {
            "tinyint" => integer(8, unsigned),
            "smallint" => integer(16, unsigned),
            "mediumint" => integer(24, unsigned),
            "int" => integer(32, unsigned),
            "bigint" => integer(64, unsigned),
            "decimal" => {
                let (all, fraction) = (number(10), number(0));
                Self::Decimal(all.saturating_sub(fraction), fraction)
            }
            "float" => Self::Float(4),
            "double" => Self::Float(8),
            "char" | "varchar" => Self::Chars(number(1)),
            "tinytext" => Self::Text(0xff),
            "text" => Self::Text(0xffff),
            "mediumtext" => Self::Text(0xff_ffff),
            "longtext" => Self::Text(0xffff_ffff),
            "binary" | "varbinary" => Self::Bytes(number(1)),
            "tinyblob" => Self::Bytes(0xff),
            "blob" => Self::Bytes(0xffff),
            "mediumblob" => Self::Bytes(0xff_ffff),
            "longblob" => Self::Bytes(0xffff_ffff),
            "enum" => Self::Enum(literals(&text[word_end..])),
            "set" => Self::Set(literals(&text[word_end..])),
            "date" => Self::Date,
            "datetime" | "timestamp" | "time" => Self::Moment(word.to_owned(), number(0)),
            _ => Self::Other(lower),
        }
    }
}

const fn integer(bits: u32, unsigned: bool) -> Type {
    match unsigned {
        true => Type::Integer(0, (1_i128 << bits) - 1),
        false => Type::Integer(-(1_i128 << (bits - 1)), (1_i128 << (bits - 1)) - 1),
    }
}

/// The literals of `('a','b''c')`.
fn literals(text: &str) -> Vec<String> {
    let inside = text.strip_prefix('(').and_then(|rest| Some(rest.rsplit_once(')')?.0));
    let mut all = Vec::new();
    let mut one = String::new();
    let mut quoted = false;
    for c in inside.unwrap_or_default().chars() {
        quoted ^= c == '\'';
        match c == ',' && !quoted {
            true => all.push(std::mem::take(&mut one)),
            false => one.push(c),
        }
    }
    all.push(one);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_read() {
        let check = |text: &str, expected: Type| assert_eq!(Type::read(text), expected, "{text}");
        check("int(10) unsigned zerofill", Type::Integer(0, 0xffff_ffff));
        check("tinyint(1)", Type::Integer(-128, 127));
        check("decimal(10,2)", Type::Decimal(8, 2));
        check("varchar(20)", Type::Chars(20));
        check("datetime(3)", Type::Moment("datetime".to_owned(), 3));
        check("timestamp", Type::Moment("timestamp".to_owned(), 0));
        let values = ["'a'", "'b,c'", "'d'')'"].map(str::to_owned).to_vec();
        check("enum('a','b,c','d'')')", Type::Enum(values));
        check("uuid", Type::Other("uuid".to_owned()));
    }
}

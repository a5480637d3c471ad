//! SQL names as Rust names.

/// Words that only `r#` makes a name of.
const RAW: [&str; 44] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
];
/// Words that cannot be names at all, and those of the generated text.
const NEVER: [&str; 4] = ["self", "super", "crate", "_"];
/// Also keywords, too long for the table above to stay in one block.
const RAW_REST: [&str; 4] = ["virtual", "where", "while", "yield"];

/// A name in `snake_case` as a field; whether it is the SQL name as sqlx reads it.
pub(super) fn field(sql: &str) -> (String, bool) {
    let snake = words(sql).join("_");
    let name = match snake.as_str() {
        "" => "column".to_owned(),
        word if NEVER.contains(&word) => format!("{word}_"),
        word if RAW.contains(&word) || RAW_REST.contains(&word) => format!("r#{word}"),
        word if word.starts_with(|c: char| c.is_ascii_digit()) => format!("column_{word}"),
        word => word.to_owned(),
    };
    let same = name.strip_prefix("r#").unwrap_or(&name) == sql;
    (name, same)
}

/// A name in `CamelCase` as a type or a variant.
pub(super) fn camel(sql: &str, if_empty: &str) -> String {
    let mut name = String::new();
    for word in words(sql) {
        let mut letters = word.chars();
        name.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        name.push_str(letters.as_str());
    }
    match name.chars().next() {
        None => if_empty.to_owned(),
        Some(first) if first.is_numeric() => format!("{if_empty}{name}"),
        // The one keyword with a capital.
        Some(_) if name == "Self" => "Self_".to_owned(),
        Some(_) => name,
    }
}

/// Words in small letters: `userId`, `USER_ID` and `user id` are all `user`, `id`.
fn words(sql: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let chars: Vec<char> = sql.chars().collect();
    for (at, &c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| chars[at]);
        let after = chars.get(at + 1);
        // `userId`, and the last capital of `HTTPServer`.
        let starts = c.is_uppercase()
            && before.is_some_and(|b| {
                b.is_lowercase()
                    || b.is_ascii_digit()
                    || (b.is_uppercase() && after.is_some_and(|a| a.is_lowercase()))
            });
        if !c.is_alphanumeric() || starts {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Names that differ, in the order in which they come: a second `id` is `id_2`.
#[derive(Debug, Default)]
pub(super) struct Taken(Vec<String>);

impl Taken {
    /// The name, or the first free one after it.
    pub(super) fn take(&mut self, name: String, between: &str) -> String {
        let mut free = name.clone();
        let mut number = 1_u32;
        while self.0.contains(&free) {
            number += 1;
            free = format!("{name}{between}{number}");
        }
        self.0.push(free.clone());
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields() {
        let check = |sql: &str, expected: &str, same: bool| {
            assert_eq!(field(sql), (expected.to_owned(), same), "{sql}");
        };
        check("created_at", "created_at", true);
        check("userId", "user_id", false);
        check("USER_ID", "user_id", false);
        check("HTTPServer2Go", "http_server2_go", false);
        check("type", "r#type", true);
        check("self", "self_", false);
        check("1st place", "column_1st_place", false);
        check("größe", "größe", true);
        check("…", "column", false);
        check("_id", "id", false);
    }

    #[test]
    fn types() {
        let check = |sql: &str, expected: &str| assert_eq!(camel(sql, "Value"), expected, "{sql}");
        check("user_profiles", "UserProfiles");
        check("IN_PROGRESS", "InProgress");
        check("2fa", "Value2fa");
        check("", "Value");
        check("self", "Self_");
    }

    #[test]
    fn no_name_twice() {
        let mut taken = Taken::default();
        let names = ["id", "id", "id_2", "id"].map(|name| taken.take(name.to_owned(), "_"));
        assert_eq!(names, ["id", "id_2", "id_2_2", "id_3"]);
    }
}

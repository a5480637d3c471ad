//! The arguments: `embed_migrations!("path", drafts = true, table = "name")`, all optional.

use syn::parse::{Parse, ParseStream};
use syn::{Ident, LitBool, LitStr, Token};

/// The most bytes a table's name may have: PostgreSQL cuts longer ones off without an error.
const TABLE_BYTES_MAX: usize = 63;

/// The arguments of one call.
#[derive(Default)]
pub(crate) struct Input {
    /// The migrations folder, relative to the package's manifest.
    pub(crate) folder: Option<LitStr>,
    /// Drafts may be in a release build.
    pub(crate) drafts: bool,
    /// The ledger table, instead of the lock file's.
    pub(crate) table: Option<String>,
}

impl Parse for Input {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut parsed = Self::default();
        if input.peek(LitStr) {
            parsed.folder = Some(input.parse()?);
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        let mut seen: Vec<Ident> = Vec::new();
        while !input.is_empty() {
            let name: Ident = input.parse()?;
            if seen.contains(&name) {
                return Err(syn::Error::new(name.span(), format!("`{name}` is given twice")));
            }
            input.parse::<Token![=]>()?;
            parsed.set(&name, input)?;
            seen.push(name);
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(parsed)
    }
}

impl Input {
    fn set(&mut self, name: &Ident, value: ParseStream<'_>) -> syn::Result<()> {
        if name == "drafts" {
            self.drafts = value.parse::<LitBool>()?.value;
        } else if name == "table" {
            self.table = Some(table(&value.parse()?)?);
        } else {
            let message = format!("unknown option `{name}`; there are `drafts` and `table`");
            return Err(syn::Error::new(name.span(), message));
        }
        Ok(())
    }
}

fn table(name: &LitStr) -> syn::Result<String> {
    let text = name.value();
    let problem = if text.trim().is_empty() {
        "is empty"
    } else if text.len() > TABLE_BYTES_MAX {
        "is longer than 63 bytes"
    } else if text.contains(char::is_control) {
        "has a control character"
    } else {
        return Ok(text);
    };
    Err(syn::Error::new(name.span(), format!("the name of the ledger table {problem}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arguments: &str, expected: Result<(Option<&str>, bool, Option<&str>), &str>) {
        let parsed = syn::parse_str::<Input>(arguments);
        let found = match &parsed {
            Ok(input) => {
                let folder = input.folder.as_ref().map(LitStr::value);
                Ok((folder, input.drafts, input.table.clone()))
            }
            Err(error) => Err(error.to_string()),
        };
        let expected = expected
            .map(|(folder, drafts, table)| {
                (folder.map(str::to_owned), drafts, table.map(str::to_owned))
            })
            .map_err(str::to_owned);
        assert_eq!(found, expected, "{arguments}");
    }

    #[test]
    fn arguments() {
        check("", Ok((None, false, None)));
        check(r#""db""#, Ok((Some("db"), false, None)));
        check(r#""db","#, Ok((Some("db"), false, None)));
        check("drafts = true", Ok((None, true, None)));
        check("drafts = false,", Ok((None, false, None)));
        check(r#""db", table = "t", drafts = true"#, Ok((Some("db"), true, Some("t"))));
        check("draft = true", Err("unknown option `draft`; there are `drafts` and `table`"));
        check("drafts = 1", Err("expected boolean literal"));
        check("drafts", Err("expected `=`"));
        check("drafts = true drafts = true", Err("expected `,`"));
        check("drafts = true, drafts = true", Err("`drafts` is given twice"));
        check(r#"table = """#, Err("the name of the ledger table is empty"));
        check(r#"table = "a\nb""#, Err("the name of the ledger table has a control character"));
        let long = format!("table = \"{}\"", "x".repeat(64));
        check(&long, Err("the name of the ledger table is longer than 63 bytes"));
        check("folder", Err("expected `=`"));
        check("1", Err("expected identifier"));
    }
}

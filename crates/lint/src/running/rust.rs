//! The queries of a Rust source: sqlx's macros and functions with a literal.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use syn::LitStr;
use syn::parse::{Parse, ParseStream};
use xtask_db_sql::Position;

use super::Reads;

/// Macros that take the text first, and those that take a type before it. Each is there with
/// `_unchecked` too.
const MACROS: [(&str, Source, bool); 6] = [
    ("query", Source::Text, false),
    ("query_scalar", Source::Text, false),
    ("query_as", Source::Text, true),
    ("query_file", Source::File, false),
    ("query_file_scalar", Source::File, false),
    ("query_file_as", Source::File, true),
];
const FUNCTIONS: [&str; 6] =
    ["query", "query_as", "query_scalar", "query_with", "query_as_with", "query_scalar_with"];

/// Where the text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// In the literal.
    Text,
    /// In a file, named from the folder of the crate's manifest.
    File,
}

/// A query as the source has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Where the text is.
    pub source: Source,
    /// The text, or the file's name.
    pub text: String,
    /// Where the literal starts.
    pub at: Position,
    /// How its result is read.
    pub reads: Reads,
}

/// The queries of a Rust source, in its order; what only tests run is left out. None when the text
/// is not Rust.
#[must_use]
pub fn queries(text: &str) -> Option<Vec<Written>> {
    let tokens: TokenStream = text.parse().ok()?;
    let mut found = Vec::new();
    walk(tokens, &mut found);
    Some(found)
}

/// Tokens, not syntax: most queries stand inside other macros somewhere.
fn walk(tokens: TokenStream, found: &mut Vec<Written>) {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while at < trees.len() {
        if is_test(&trees[at..]) {
            at = after_item(&trees, at + 2);
            continue;
        }
        found.extend(of_macro(&trees[at..]).or_else(|| of_function(&trees, at)));
        if let TokenTree::Group(group) = &trees[at] {
            walk(group.stream(), found);
        }
        at += 1;
    }
}

/// `query!(…)`, its group being walked through afterwards.
fn of_macro(trees: &[TokenTree]) -> Option<Written> {
    let [TokenTree::Ident(name), TokenTree::Punct(bang), TokenTree::Group(group), ..] = trees
    else {
        return None;
    };
    if bang.as_char() != '!' {
        return None;
    }
    let name = name.to_string();
    let plain = name.strip_suffix("_unchecked");
    let reads = if plain.is_some() { Reads::Unchecked } else { Reads::Checked };
    let plain = plain.unwrap_or(&name);
    let (_, source, typed) = *MACROS.iter().find(|(name, ..)| *name == plain)?;
    let (text, at) = literal(group, typed)?;
    Some(Written { source, text, at, reads })
}

/// `sqlx::query("…")`, `query_as::<_, T>("…")`; not a method, which is another library's.
fn of_function(trees: &[TokenTree], at: usize) -> Option<Written> {
    let TokenTree::Ident(name) = &trees[at] else { return None };
    let method = at > 0 && is(&trees[at - 1], '.');
    if method || !FUNCTIONS.iter().any(|function| name == function) {
        return None;
    }
    let mut rest = &trees[at + 1..];
    if rest.len() > 2 && is(&rest[0], ':') && is(&rest[1], ':') && is(&rest[2], '<') {
        let mut depth = 0_usize;
        let end = rest.iter().position(|tree| {
            depth += usize::from(is(tree, '<'));
            depth -= usize::from(is(tree, '>'));
            is(tree, '>') && depth == 0
        })?;
        rest = &rest[end + 1..];
    }
    let Some(TokenTree::Group(group)) = rest.first() else { return None };
    if group.delimiter() != Delimiter::Parenthesis {
        return None;
    }
    let (text, at) = literal(group, false)?;
    Some(Written { source: Source::Text, text, at, reads: Reads::Unchecked })
}

/// A literal, or several that `+` joins; behind a type and a comma.
fn literal(group: &Group, typed: bool) -> Option<(String, Position)> {
    let parsed: Argument = match typed {
        true => syn::parse2::<Typed>(group.stream()).ok()?.0,
        false => syn::parse2(group.stream()).ok()?,
    };
    Some((parsed.text, position(parsed.at)))
}

struct Argument {
    text: String,
    at: Span,
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let first: LitStr = input.parse()?;
        let (mut text, at) = (first.value(), first.span());
        while input.peek(syn::Token![+]) {
            input.parse::<syn::Token![+]>()?;
            text.push_str(&input.parse::<LitStr>()?.value());
        }
        if !input.is_empty() {
            input.parse::<syn::Token![,]>()?;
        }
        // the arguments
        input.parse::<TokenStream>()?;
        Ok(Self { text, at })
    }
}

struct Typed(Argument);

impl Parse for Typed {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        input.parse::<syn::Type>()?;
        input.parse::<syn::Token![,]>()?;
        Ok(Self(input.parse()?))
    }
}

fn position(span: Span) -> Position {
    let start = span.start();
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Position { line: number(start.line), column: number(start.column + 1) }
}

fn is(tree: &TokenTree, sign: char) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == sign)
}

/// `#[cfg(test)]`, `#[test]`, `#[tokio::test]`, `#[sqlx::test(…)]`.
fn is_test(trees: &[TokenTree]) -> bool {
    let [hash, TokenTree::Group(group), ..] = trees else { return false };
    if !is(hash, '#') || group.delimiter() != Delimiter::Bracket {
        return false;
    }
    let words: Vec<String> = group.stream().into_iter().map(|tree| tree.to_string()).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    matches!(
        words.as_slice(),
        ["cfg", "(test)"] | ["test"] | [.., ":", ":", "test"] | [.., ":", ":", "test", _]
    )
}

/// Behind the item: its block, or its semicolon.
fn after_item(trees: &[TokenTree], from: usize) -> usize {
    let ends = |tree: &TokenTree| match tree {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        other => is(other, ';'),
    };
    let end = trees.get(from..).and_then(|rest| rest.iter().position(ends));
    end.map_or(trees.len(), |end| from + end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found = queries(text).expect("it is Rust");
        let shown: Vec<String> = found
            .iter()
            .map(|one| {
                let checked = if one.reads == Reads::Checked { "" } else { "?" };
                let file = if one.source == Source::File { "file " } else { "" };
                format!("{}:{}{checked} {file}{}", one.at.line, one.at.column, one.text)
            })
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn macros() {
        check("fn f() { sqlx::query!(\"a\", id); }", &["1:23 a"]);
        check("fn f() {\n    query_as!(User, r#\"a \"b\"\"#, 1, 2)\n}", &["2:21 a \"b\""]);
        check("fn f() { query_as!(a::B<C>, \"x\" + \"y\") }", &["1:29 xy"]);
        check("fn f() { query_scalar_unchecked!(\"a\\nb\") }", &["1:34? a\nb"]);
        check("fn f() { query_file!(\"q/a.sql\", 1) }", &["1:22 file q/a.sql"]);
        check("fn f() { query_file_as_unchecked!(T, \"a.sql\") }", &["1:38? file a.sql"]);
        check(
            "fn f() { join!(query!(\"a\").fetch(), async { query!(\"b\") }) }",
            &["1:23 a", "1:52 b"],
        );
        check("fn f() { query!(TEXT); other!(\"a\"); query_as!(\"a\") }", &[]);
    }

    #[test]
    fn functions() {
        check("fn f() { sqlx::query(\"a\") }", &["1:22? a"]);
        check("fn f() { query_as::<_, Vec<(i32, T)>>(\"a\") }", &["1:39? a"]);
        check("fn f() { client.query(\"a\", &[]) }", &[]);
        check("fn query(a: &str) { query(a); query(&format!(\"a\")) }", &[]);
    }

    #[test]
    fn what_only_tests_run_is_left_out() {
        let text = "#[cfg(test)]\nmod tests { fn f() { query!(\"a\") } }\nfn g() { query!(\"b\") }";
        check(text, &["3:17 b"]);
        check("#[sqlx::test(migrations = \"m\")]\nasync fn t() { query!(\"a\"); }", &[]);
        check(
            "#[tokio::test]\nasync fn t() { query!(\"a\"); }\n#[test]\nfn u() { query!(\"a\"); }",
            &[],
        );
        check("#[cfg(test)]\nuse a::b;\nfn f() { query!(\"b\") }", &["3:17 b"]);
    }

    #[test]
    fn what_is_not_rust_is_told() {
        assert_eq!(queries("fn f( {"), None);
    }
}

//! What holds for every text. `XDB_SEED=n` repeats a run; a failure prints its seed.

use std::hash::{BuildHasher, RandomState};

use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof};
use proptest::sample::select;
use proptest::test_runner::{RngSeed, TestRunner};
use xtask_db_sql::{
    Dialect, Shape, Step, Syntax, Token, TokenKind, ident, lex, literal, position, shape,
    significant, split,
};

const CASES: u32 = 2_000;

/// Pieces whose borders are interesting, for all dialects at once.
const FRAGMENTS: &[&str] = &[
    "'",
    "''",
    "\"",
    "`",
    "[",
    "]",
    "\\",
    "\\'",
    "$",
    "$$",
    "$a$",
    "$1",
    "/*",
    "*/",
    "/*!",
    "/*!50001 ",
    "/*M!",
    "/*+ x */",
    "-- c\n",
    "--",
    "#",
    "# c\n",
    "\n",
    " ",
    "\t",
    "\r\n",
    ";",
    ";;",
    "(",
    ")",
    ",",
    ".",
    ":",
    "::",
    ":=",
    "@",
    "@@a",
    "?",
    "E'a'",
    "E'\\''",
    "U&'",
    "N'a'",
    "x'00'",
    "_utf8'a'",
    "é",
    "✓",
    "1",
    "1.5",
    ".5",
    "1e5",
    "0x1F",
    "+",
    "-",
    "*",
    "/",
    "<=",
    "a",
    "`b`",
    "\"c\"",
    "'d'",
    "BEGIN",
    "END",
    "BEGIN; ",
    "COMMIT;",
    "ROLLBACK TO a;",
    "SAVEPOINT a;",
    "CASE ",
    " WHEN ",
    " THEN ",
    " ELSE ",
    "IF ",
    "END IF;",
    "LOOP ",
    "WHILE ",
    " DO ",
    "REPEAT ",
    "UNTIL ",
    "FOR ",
    "DECLARE ",
    "HANDLER ",
    "CREATE ",
    "TRIGGER t ",
    "TEMP ",
    "PROCEDURE p() ",
    "FUNCTION f() ",
    "EVENT e ",
    "PACKAGE p AS ",
    "FOR EACH ROW ",
    "ATOMIC ",
    "NOT ",
    "RETURN ",
    "TABLE ",
    "INDEX ",
    "CONCURRENTLY ",
    "ON ",
    "ALTER ",
    "RENAME TO ",
    "DROP ",
    "IF EXISTS ",
    "SELECT ",
    "COPY ",
    "FROM ",
    "STDIN",
    "VACUUM",
    "PRAGMA foreign_keys",
    "=",
    "SET ",
    "autocommit",
    "GRANT ",
    "REINDEX ",
    "label: ",
    " AS ",
    "-- no-transaction\n",
    "-- xtask-db: no-transaction\n",
    "-- xtask-db: ",
    "allow a reason=\"b\"\n",
    "batch a(b) 1\n",
];

/// `DELIMITER` changes how the same statement is read, so not every property allows it.
const DELIMITERS: &[&str] = &[
    "\nDELIMITER //\n",
    "\nDELIMITER ;\n",
    "\ndelimiter $$\n",
    "DELIMITER go\n",
    "//",
    "go",
    "delimiter",
];

fn run<S: Strategy>(strategy: S, property: impl Fn(S::Value)) {
    let seed = match std::env::var("XDB_SEED") {
        Ok(seed) => seed.parse().expect("XDB_SEED is a number"),
        Err(_) => RandomState::new().hash_one(0),
    };
    let config = ProptestConfig {
        cases: CASES,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let result = TestRunner::new(config).run(&strategy, |value| {
        property(value);
        Ok(())
    });
    if let Err(error) = result {
        panic!("XDB_SEED={seed}: {error}");
    }
}

fn syntaxes() -> impl Strategy<Value = Syntax> {
    let dialect = select(&[Dialect::Sqlite, Dialect::Postgres, Dialect::Mysql][..]);
    (dialect, any::<bool>(), any::<bool>()).prop_map(|(dialect, backslash, ansi)| {
        let default = Syntax::of(dialect);
        match dialect {
            Dialect::Sqlite => default,
            Dialect::Postgres => Syntax { backslash_escapes: backslash, ..default },
            Dialect::Mysql => Syntax { backslash_escapes: backslash, ansi_quotes: ansi, ..default },
        }
    })
}

fn fragments() -> impl Strategy<Value = String> {
    vec(select(FRAGMENTS), 0..30).prop_map(|fragments| fragments.concat())
}

fn texts() -> impl Strategy<Value = String> {
    let delimited = prop_oneof![4 => select(FRAGMENTS), 1 => select(DELIMITERS)];
    prop_oneof![
        fragments(),
        vec(delimited, 0..30).prop_map(|fragments| fragments.concat()),
        any::<String>(),
        Just(String::new()),
    ]
}

#[test]
fn tokens_cover_the_text() {
    run((texts(), syntaxes()), |(text, syntax)| {
        let tokens = lex(&text, syntax);
        let mut end = 0;
        for Token { span, kind } in &tokens {
            assert_eq!(span.start, end);
            assert!(span.end > span.start && text.is_char_boundary(span.end));
            assert!(*kind != TokenKind::Unterminated || span.end == text.len());
            end = span.end;
        }
        assert_eq!(end, text.len());
        let written: String = tokens.iter().map(|token| &text[token.span.range()]).collect();
        assert_eq!(written, text);
    });
}

#[test]
fn statements_and_gaps_are_the_text() {
    run((texts(), syntaxes()), |(text, syntax)| {
        let Ok(script) = split(&text, syntax) else { return };
        let mut tokens = lex(&text, syntax).into_iter().peekable();
        for statement in &script.statements {
            while let Some(token) = tokens.next_if(|t| t.span.start < statement.span.start) {
                assert_gap(&text, token);
            }
            assert_eq!(tokens.peek().map(|t| t.span.start), Some(statement.span.start));
            let mut end = 0;
            while let Some(token) = tokens.next_if(|t| t.span.end <= statement.span.end) {
                end = token.span.end;
                assert!(token.kind != TokenKind::DelimiterCommand);
            }
            assert_eq!(end, statement.span.end);
            assert_eq!(statement.at, position(&text, statement.span.start));
        }
        for token in tokens {
            assert_gap(&text, token);
        }
        for directive in &script.directives {
            assert_eq!(directive.at, position(&text, directive.span.start));
        }
    });
}

/// Between statements stands nothing that a server runs.
fn assert_gap(text: &str, token: Token) {
    let written = &text[token.span.range()];
    let gap = match token.kind {
        TokenKind::Whitespace
        | TokenKind::Comment
        | TokenKind::Delimiter
        | TokenKind::DelimiterCommand => true,
        TokenKind::ExecutableComment => written.starts_with("/*+"),
        TokenKind::Symbol => written == ";",
        _ => false,
    };
    assert!(gap, "{token:?} {written:?} is lost");
}

#[test]
fn a_statement_by_itself_is_the_same_statement() {
    run((fragments(), syntaxes()), |(text, syntax)| {
        let Ok(script) = split(&text, syntax) else { return };
        for statement in script.statements {
            let alone = &text[statement.span.range()];
            if syntax.dialect == Dialect::Mysql && alone.ends_with("--") {
                continue; // two signs before `#`, a comment at the end of a text
            }
            let again = split(alone, syntax).expect("part of a text that was split");
            assert_eq!(again.statements.len(), 1, "{alone:?}");
            assert_eq!(&alone[again.statements[0].span.range()], alone);
            assert_eq!(again.statements[0].effects, statement.effects);
        }
    });
}

#[test]
fn steps_cover_the_statements() {
    run((texts(), syntaxes()), |(text, syntax)| {
        let Ok(script) = split(&text, syntax) else { return };
        let Ok(Shape::Journaled { steps }) = shape(&text, &script, syntax) else { return };
        let mut end = 0;
        for step in steps {
            let range = match step {
                Step::Together(range) | Step::Block(range) => range,
                Step::Alone(at) => at..at + 1,
            };
            assert!(range.start == end && range.end > range.start);
            end = range.end;
        }
        assert_eq!(end, script.statements.len());
    });
}

#[test]
fn comments_do_not_change_what_is_significant() {
    run((fragments(), syntaxes()), |(text, syntax)| {
        let edited: String = lex(&text, syntax)
            .into_iter()
            .map(|token| match token.kind {
                TokenKind::Whitespace if token.span.start > 0 => {
                    format!("{}/* c; */ ", &text[token.span.range()])
                }
                _ => text[token.span.range()].to_owned(),
            })
            .collect();
        let before: Vec<&str> = significant(&text, syntax).collect();
        let after: Vec<&str> = significant(&edited, syntax).collect();
        assert_eq!(before, after, "{edited:?}");
    });
}

#[test]
fn a_literal_is_one_string_with_its_value() {
    let values = prop_oneof![
        any::<String>(),
        vec(select(&["'", "\\", "a", "\0", "\n"][..]), 0..9).prop_map(|parts| parts.concat())
    ];
    run((values, syntaxes()), |(value, syntax)| {
        let quoted = literal(syntax, &value);
        let tokens = lex(&quoted, syntax);
        assert_eq!(tokens.len(), 1, "{quoted}");
        assert_eq!(tokens[0].kind, TokenKind::String);
        assert_eq!(unescape(&quoted, syntax.backslash_escapes), value.replace('\0', ""));
    });
}

/// What a server makes of a literal that only doubles quotes and backslashes.
fn unescape(quoted: &str, backslash: bool) -> String {
    let mut value = String::new();
    let mut chars = quoted[1..quoted.len() - 1].chars();
    while let Some(c) = chars.next() {
        value.push(c);
        if c == '\'' || (c == '\\' && backslash) {
            assert_eq!(chars.next(), Some(c), "{quoted}");
        }
    }
    value
}

#[test]
fn an_identifier_is_one_name_with_its_value() {
    let names = prop_oneof![
        any::<String>(),
        vec(select(&["\"", "`", "\\", "a", "]"][..]), 0..9).prop_map(|parts| parts.concat())
    ];
    run((names, syntaxes()), |(name, syntax)| {
        let quoted = ident(syntax.dialect, &name);
        let tokens = lex(&quoted, syntax);
        assert_eq!(tokens.len(), 1, "{quoted}");
        assert_eq!(tokens[0].kind, TokenKind::QuotedIdent);
        let script = split(&format!("DROP TABLE {quoted}"), syntax).unwrap();
        assert_eq!(script.statements[0].effects.objects[0].name, name);
    });
}

//! Tokens of the three dialects, one line per rule.

use xtask_db_sql::{Dialect, Syntax, TokenKind, lex, significant};

const SQLITE: Syntax = Syntax::of(Dialect::Sqlite);
const POSTGRES: Syntax = Syntax::of(Dialect::Postgres);
const MYSQL: Syntax = Syntax::of(Dialect::Mysql);
const ANSI: Syntax = Syntax { ansi_quotes: true, ..MYSQL };
const NO_BACKSLASH: Syntax = Syntax { backslash_escapes: false, ..MYSQL };
const OLD_POSTGRES: Syntax = Syntax { backslash_escapes: true, ..POSTGRES };

/// `expected` lists the tokens but whitespace as `letter‹text›`.
#[track_caller]
fn check(syntax: Syntax, text: &str, expected: &str) {
    let found: Vec<String> = lex(text, syntax)
        .iter()
        .filter(|token| token.kind != TokenKind::Whitespace)
        .map(|token| format!("{}‹{}›", letter(token.kind), &text[token.span.range()]))
        .collect();
    assert_eq!(found.join(" "), expected, "{text:?}");
}

fn letter(kind: TokenKind) -> char {
    match kind {
        TokenKind::Whitespace => ' ',
        TokenKind::Comment => 'c',
        TokenKind::ExecutableComment => 'x',
        TokenKind::Word => 'w',
        TokenKind::QuotedIdent => 'q',
        TokenKind::String => 's',
        TokenKind::DollarString => 'd',
        TokenKind::Number => 'n',
        TokenKind::Parameter => 'p',
        TokenKind::Delimiter => ';',
        TokenKind::DelimiterCommand => 'D',
        TokenKind::Symbol => 'o',
        TokenKind::Unterminated => 'u',
    }
}

#[test]
fn postgres_strings() {
    check(POSTGRES, r"'a''b' 'c\' d", r"s‹'a''b'› s‹'c\'› w‹d›");
    check(POSTGRES, r"e'a\'b''' x", r"s‹e'a\'b'''› w‹x›");
    check(
        POSTGRES,
        r"nope'a\' n'b' B'1' x'F' U&'c\'",
        r"w‹nope› s‹'a\'› s‹n'b'› s‹B'1'› s‹x'F'› s‹U&'c\'›",
    );
    check(POSTGRES, "E'a' \n 'b\\'c'", "s‹E'a' \n 'b\\'c'›");
    check(POSTGRES, "E'a' -- c\r 'b\\'c'", "s‹E'a' -- c\r 'b\\'c'›");
    check(POSTGRES, "E'a' 'b' \n", "s‹E'a'› s‹'b'›");
    check(POSTGRES, "E'a' /* c */ \n 'b'", "s‹E'a'› c‹/* c */› s‹'b'›");
    check(POSTGRES, "'a'\n'b'", "s‹'a'› s‹'b'›");
    check(POSTGRES, "'a", "u‹'a›");
    check(POSTGRES, "E'a' \n 'b\\'", "u‹E'a' \n 'b\\'›");
    check(OLD_POSTGRES, r"'a\'b' U&'c\'", r"s‹'a\'b'› s‹U&'c\'›");
}

#[test]
fn postgres_dollar_quotes() {
    check(POSTGRES, "$$a;$b$$$ x", "d‹$$a;$b$$› o‹$› w‹x›");
    check(POSTGRES, "$b1$ $b$ $b1 $b1$", "d‹$b1$ $b$ $b1 $b1$›");
    check(POSTGRES, "$é$x$é$", "d‹$é$x$é$›");
    check(POSTGRES, "a$$b$$", "w‹a$$b$$›");
    check(POSTGRES, "$1$$x$$ $12", "p‹$1› d‹$$x$$› p‹$12›");
    check(POSTGRES, "$a b$", "o‹$› w‹a› w‹b$›");
    check(POSTGRES, "$A$ $a$", "u‹$A$ $a$›");
    check(POSTGRES, "$", "o‹$›");
}

#[test]
fn postgres_comments() {
    check(POSTGRES, "/* a /* b */ c */ d", "c‹/* a /* b */ c */› w‹d›");
    check(POSTGRES, "/* a /* b */", "u‹/* a /* b */›");
    check(POSTGRES, "--a\rb--c\r\nd", "c‹--a› w‹b› c‹--c› w‹d›");
    check(POSTGRES, "1+--a\n2 3*/*b*/4", "n‹1› o‹+› c‹--a› n‹2› n‹3› o‹*› c‹/*b*/› n‹4›");
    check(POSTGRES, "/*+ SeqScan(a) */ SELECT", "x‹/*+ SeqScan(a) */› w‹SELECT›");
    check(POSTGRES, "/*! a */", "c‹/*! a */›");
    check(POSTGRES, "# a", "o‹#› w‹a›");
}

#[test]
fn postgres_rest() {
    check(POSTGRES, "a->>'b' ? @>=-1", "w‹a› o‹->>› s‹'b'› o‹?› o‹@>=-› n‹1›");
    check(POSTGRES, "a=-1 <=- 2", "w‹a› o‹=› o‹-› n‹1› o‹<=› o‹-› n‹2›");
    check(POSTGRES, "a::b x:=1 y => 2", "w‹a› o‹::› w‹b› w‹x› o‹:=› n‹1› w‹y› o‹=>› n‹2›");
    check(
        POSTGRES,
        ":from a[b:c] a[1:n]",
        "p‹:from› w‹a› o‹[› w‹b› o‹:› w‹c› o‹]› w‹a› o‹[› n‹1› o‹:› w‹n› o‹]›",
    );
    check(
        POSTGRES,
        "1..2 .5 1.e3 1e+5 0xAF 1_0",
        "n‹1› o‹..› n‹2› n‹.5› n‹1.e3› n‹1e+5› n‹0xAF› n‹1_0›",
    );
    check(POSTGRES, r#""a""b" U&"c" `d"#, r#"q‹"a""b"› q‹U&"c"› o‹`› w‹d›"#);
    check(POSTGRES, r#""a;"#, r#"u‹"a;›"#);
    check(POSTGRES, "é ß;\u{b}", "w‹é› w‹ß› ;‹;›");
    check(POSTGRES, "\u{feff}a", "w‹a›");
}

#[test]
fn mysql_strings() {
    check(MYSQL, r#"'a\'b''' "c\"d""" `e``\`"#, r#"s‹'a\'b'''› s‹"c\"d"""› q‹`e``\`›"#);
    check(ANSI, r#""c\" 'd\''"#, r#"q‹"c\"› s‹'d\''›"#);
    check(NO_BACKSLASH, r#"'a\' "b\""#, r#"s‹'a\'› s‹"b\"›"#);
    check(
        MYSQL,
        r#"N'a' x'4D' B'1' _utf8mb4'b' _utf8"c""#,
        r#"s‹N'a'› s‹x'4D'› s‹B'1'› s‹_utf8mb4'b'› s‹_utf8"c"›"#,
    );
    check(MYSQL, r#"E'a' n"b""#, r#"w‹E› s‹'a'› w‹n› s‹"b"›"#);
    check(MYSQL, "'a\\", "u‹'a\\›");
}

#[test]
fn mysql_comments() {
    check(MYSQL, "#a\rb\nc", "c‹#a\rb› w‹c›");
    check(MYSQL, "-- a\nb--c --\u{1}d\ne --", "c‹-- a› w‹b› o‹-› o‹-› w‹c› c‹--\u{1}d› w‹e› c‹--›");
    check(MYSQL, "/* a /* b */ c", "c‹/* a /* b */› w‹c›");
    check(MYSQL, "/*! a '*/' /* b */ c */ d", "x‹/*! a '*/' /* b */ c */› w‹d›");
    check(MYSQL, "/*!50003 a -- */\n */ b", "x‹/*!50003 a -- */\n */› w‹b›");
    check(MYSQL, "/*M!100100 a */ /*+ b; */", "x‹/*M!100100 a */› x‹/*+ b; */›");
    check(MYSQL, "/*! a /*! b */ c", "x‹/*! a /*! b */› w‹c›");
    check(MYSQL, "/*M!999999\\- it's */ a", "x‹/*M!999999\\- it's */› w‹a›");
    check(MYSQL, "/*! a '", "u‹/*! a '›");
    check(MYSQL, "/*!*/ /**/ /*/", "x‹/*!*/› c‹/**/› u‹/*/›");
}

#[test]
fn mysql_names_and_numbers() {
    check(
        MYSQL,
        "1a 1e5 1e5a 1e+5 1.5e-3 .5 0xAF 0b01 0b2",
        "w‹1a› n‹1e5› w‹1e5a› n‹1e+5› n‹1.5e-3› n‹.5› n‹0xAF› n‹0b01› w‹0b2›",
    );
    check(MYSQL, "t.1 a$b $c", "w‹t› o‹.› w‹1› w‹a$b› w‹$c›");
    check(
        MYSQL,
        "@a.b @@global.x @'c;' @`d;` 'u'@'%'",
        "p‹@a.b› p‹@@global› o‹.› w‹x› p‹@'c;'› p‹@`d;`› s‹'u'› p‹@'%'›",
    );
    check(
        MYSQL,
        "? :from label:BEGIN a:=1",
        "p‹?› p‹:from› w‹label› o‹:› w‹BEGIN› w‹a› o‹:=› n‹1›",
    );
    check(MYSQL, "a<=>b ->> || &&", "w‹a› o‹<=>› w‹b› o‹->>› o‹||› o‹&&›");
    check(MYSQL, "AS $$a;$$ x$$", "w‹AS› d‹$$a;$$› w‹x$$›");
    check(MYSQL, "AS $js$ ; $js$ $js$", "w‹AS› d‹$js$ ; $js$› w‹$js$›");
}

#[test]
fn mysql_delimiter() {
    check(MYSQL, "DELIMITER //\na;b//c", "D‹DELIMITER //› w‹a› o‹;› w‹b› ;‹//› w‹c›");
    check(MYSQL, "delimiter $$\nEND$$ 'a$$'", "D‹delimiter $$› w‹END› ;‹$$› s‹'a$$'›");
    check(MYSQL, "DELIMITER go\ncategory go a", "D‹DELIMITER go› w‹category› ;‹go› w‹a›");
    check(MYSQL, "DELIMITER |\na|b||c", "D‹DELIMITER |› w‹a› ;‹|› w‹b› ;‹|› ;‹|› w‹c›");
    check(MYSQL, "DELIMITER =\na<=b", "D‹DELIMITER =› w‹a› o‹<› ;‹=› w‹b›");
    check(MYSQL, "a\nDELIMITER //\n;", "w‹a› w‹DELIMITER› o‹/› o‹/› ;‹;›");
    check(
        MYSQL,
        "DELIMITER //\na\n DELIMITER ;\nb;",
        "D‹DELIMITER //› w‹a› D‹DELIMITER ;› w‹b› ;‹;›",
    );
    check(MYSQL, "DELIMITER //\na DELIMITER ;", "D‹DELIMITER //› w‹a› w‹DELIMITER› o‹;›");
    check(SQLITE, "DELIMITER //", "w‹DELIMITER› o‹/› o‹/›");
}

#[test]
fn sqlite_tokens() {
    check(SQLITE, r#"'a\' "b""c" `d` [e"f]"#, r#"s‹'a\'› q‹"b""c"› q‹`d`› q‹[e"f]›"#);
    check(SQLITE, "x'00' E'a' [b", "s‹x'00'› w‹E› s‹'a'› u‹[b›");
    check(SQLITE, "--a\rb\n/* c /* d */ e", "c‹--a\rb› c‹/* c /* d */› w‹e›");
    check(SQLITE, "?1 :a @b $c::d(e) $f(g h", "p‹?1› p‹:a› p‹@b› p‹$c::d(e)› p‹$f(g› w‹h›");
    check(
        SQLITE,
        "a->>'$' <> == || 1_0 0xF .5 1e3 1.",
        "w‹a› o‹->>› s‹'$'› o‹<>› o‹==› o‹||› n‹1_0› n‹0xF› n‹.5› n‹1e3› n‹1.›",
    );
    check(SQLITE, "a\u{feff}b \u{feff}c", "w‹a\u{feff}b› w‹c›");
    check(SQLITE, "/*", "u‹/*›");
}

#[track_caller]
fn same(syntax: Syntax, a: &str, b: &str) {
    assert!(significant(a, syntax).eq(significant(b, syntax)), "{a:?} and {b:?} differ");
}

#[track_caller]
fn different(syntax: Syntax, a: &str, b: &str) {
    assert!(!significant(a, syntax).eq(significant(b, syntax)), "{a:?} and {b:?} are the same");
}

#[test]
fn comments_and_whitespace_are_not_significant() {
    same(POSTGRES, "-- a\nSELECT  1 ;\n", "SELECT\n1/* b */;");
    same(POSTGRES, "a=-1", "a= -1");
    same(MYSQL, "# a\nSELECT 1", "SELECT 1 -- b");
    same(SQLITE, "SELECT 1 -- b\n", "/* c */ SELECT 1");
    same(POSTGRES, "-- xtask-db: allow x reason=\"y\"\nSELECT 1", "SELECT 1");
    same(POSTGRES, "-- xtask-db: irreversible\nSELECT 1", "SELECT 1");
    same(POSTGRES, "-- xtask-db: renamed-from x\nSELECT 1", "SELECT 1");
    same(POSTGRES, "SELECT 1; -- no-transaction", "SELECT 1;");
    same(POSTGRES, "-- no-transaction  \r\nSELECT 1", "-- no-transaction\nSELECT 1");
}

#[test]
fn what_a_server_reads_is_significant() {
    different(POSTGRES, "SELECT 'a  b'", "SELECT 'a b'");
    different(POSTGRES, "SELECT $$-- a$$", "SELECT $$$$");
    different(POSTGRES, "SELECT \"a \"", "SELECT \"a\"");
    different(POSTGRES, "select 1", "SELECT 1");
    different(POSTGRES, "a < = b", "a <= b");
    different(POSTGRES, "/*+ a */ SELECT 1", "/*+ b */ SELECT 1");
    different(POSTGRES, "SELECT 1;", "SELECT 1");
    different(MYSQL, "/*! a */", "");
    different(MYSQL, "/*! a  */", "/*! a */");
    different(MYSQL, "DELIMITER //\nSELECT 1", "SELECT 1");
    same(SQLITE, "/*+ a */ SELECT 1", "/*! b */ SELECT 1");
    different(POSTGRES, "-- xtask-db: no-transaction\nSELECT 1", "SELECT 1");
    different(POSTGRES, "-- no-transaction, it is large\nSELECT 1", "SELECT 1");
    different(POSTGRES, "-- why\n-- no-transaction\nSELECT 1", "SELECT 1");
    different(
        POSTGRES,
        "-- xtask-db: after-backfill a\nSELECT 1",
        "-- xtask-db: after-backfill b\nSELECT 1",
    );
    different(POSTGRES, "-- xtask-db: batch a(b) 1\nSELECT 1", "SELECT 1");
}

/// The lock file hashes these: a change here needs a new version of it.
#[test]
fn significant_tokens_of_version_1() {
    let text = "-- no-transaction\n/* c */ INSERT INTO \"a b\" VALUES\n\
                (E'x\\'y'\n 'z', -1.5e3, $t$ -- $t$); -- d\n";
    let tokens: Vec<&str> = significant(text, POSTGRES).collect();
    let expected = [
        "-- no-transaction",
        "INSERT",
        "INTO",
        "\"a b\"",
        "VALUES",
        "(",
        "E'x\\'y'\n 'z'",
        ",",
        "-",
        "1.5e3",
        ",",
        "$t$ -- $t$",
        ")",
        ";",
    ];
    assert_eq!(tokens, expected);
}

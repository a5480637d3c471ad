//! Tokens cover any text without a gap.

#![no_main]

use libfuzzer_sys::fuzz_target;
use xtask_db_sql::{Dialect, Syntax, lex, significant};

fuzz_target!(|input: (u8, &str)| {
    let (mode, text) = input;
    let dialect = [Dialect::Sqlite, Dialect::Postgres, Dialect::Mysql][usize::from(mode) % 3];
    let mut syntax = Syntax::of(dialect);
    if dialect != Dialect::Sqlite {
        syntax.backslash_escapes ^= mode & 0x40 != 0;
    }
    if dialect == Dialect::Mysql {
        syntax.ansi_quotes ^= mode & 0x80 != 0;
    }
    let mut end = 0;
    for token in lex(text, syntax) {
        assert_eq!(token.span.start, end);
        assert!(token.span.end > end && text.is_char_boundary(token.span.end));
        end = token.span.end;
    }
    assert_eq!(end, text.len());
    assert!(significant(text, syntax).map(str::len).sum::<usize>() <= text.len());
});

//! `CREATE VIEW`. The server prints a query in one line; here its outer clauses have their own.

use xtask_db_sql::{Syntax, TokenKind, lex};

use super::{name, unquoted};
use crate::mysql::{Server, View};

/// A query up to this long stays in one line.
const LINE_MAX_CHARS: usize = 60;
/// What starts a line.
const CLAUSES: [&str; 11] = [
    "SELECT",
    "FROM",
    "WHERE",
    "GROUP",
    "HAVING",
    "ORDER",
    "LIMIT",
    "UNION",
    "EXCEPT",
    "INTERSECT",
    "WITH",
];

/// The view; in place of one of its name, with its rights.
pub(crate) fn create_view(view: &View, replaces: bool, server: Server) -> String {
    let mut sql = String::from("CREATE ");
    if replaces {
        sql.push_str("OR REPLACE ");
    }
    if let Some(algorithm) = &view.algorithm {
        sql.push_str(&format!("ALGORITHM = {algorithm} "));
    }
    if view.invoker {
        sql.push_str("SQL SECURITY INVOKER ");
    }
    let body = unquoted(&view.body, server.syntax());
    let body = match body.chars().count() > LINE_MAX_CHARS {
        true => in_lines(&body, server.syntax()),
        false => body,
    };
    format!("{sql}VIEW {} {body}", name(&view.name))
}

/// Breaks before the outer clauses and behind the commas of what is selected.
fn in_lines(body: &str, syntax: Syntax) -> String {
    let mut out = String::with_capacity(body.len());
    let (mut depth, mut listed) = (0_usize, false);
    for token in lex(body, syntax) {
        let written = &body[token.span.range()];
        match written {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        let outer = depth == 0 && token.kind != TokenKind::Whitespace;
        if outer && token.kind == TokenKind::Word && CLAUSES.contains(&written) {
            listed = written == "SELECT";
            let end = out.trim_end().len();
            // `AS SELECT` and `UNION ALL SELECT` too.
            out.truncate(end);
            out.push('\n');
        }
        out.push_str(written);
        if outer && listed && written == "," {
            out.push_str("\n    ");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_query_has_lines() {
        let body = "AS select `t`.`id` AS `id`,max((select 1 from `u`)) AS `m` from (`t` join `u` \
                    on(`u`.`id` = `t`.`id`)) where `t`.`a` = 'from x, y' union all select 1,2";
        let view = View { name: "v".into(), body: body.into(), ..View::default() };
        assert_eq!(
            create_view(&view, false, Server::default()),
            "\
CREATE VIEW v AS
SELECT t.id AS id,
    MAX((SELECT 1 FROM u)) AS m
FROM (t JOIN u ON(u.id = t.id))
WHERE t.a = 'from x, y'
UNION ALL
SELECT 1,
    2"
        );
    }
}

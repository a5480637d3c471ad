//! D09: MySQL: charsets, engines and types that are regretted later.

use xtask_db_sql::Span;

use crate::found::Found;
use crate::read::{Column, Does, Kind, Statement};
use crate::rule::{Check, Rule};
use crate::scene::Scene;
use crate::{Level, Name, Servers};

pub(super) const RULE: Rule = Rule {
    id: "D09",
    name: "mysql-choices",
    servers: Servers::MR,
    level: Level::Warning,
    says: "{} is a choice that is regretted later",
    rewrite: "InnoDB, utf8mb4, decimal for money, no display widths, NULL in place of a zero date",
    check: Check::Statement(check),
    ..Rule::BASE
};

fn check(statement: &Statement, _: &Scene<'_>, found: &mut Found) {
    if let Kind::CreateTable(create) = &statement.kind {
        for (option, value) in &create.options {
            let wrong = match option.as_str() {
                "engine" => value != "innodb",
                "charset" | "character set" => is_narrow(value),
                _ => false,
            };
            if wrong {
                found.add(statement.span, format!("{option} {value} of {}", create.name.shown()));
            }
        }
        for column in &create.columns {
            judge(&create.name, column, statement.span, found);
        }
    }
    for (table, action) in statement.kind.actions() {
        if let Does::AddColumn(column) | Does::Modify { to: column, .. } = &action.does {
            judge(table, column, action.span, found);
        }
    }
}

fn judge(table: &Name, column: &Column, span: Span, found: &mut Found) {
    let object = table.column(&column.name);
    if let Some(charset) = column.charset.as_deref().filter(|charset| is_narrow(charset)) {
        found.add(span, format!("charset {charset} of {object}"));
    }
    let zero = column.default.as_ref().is_some_and(|default| default.text.contains("0000-00-00"));
    if zero {
        found.add(span, format!("the zero date of {object}"));
    }
    let Some(ty) = &column.ty else { return };
    let integer = matches!(ty.base.as_str(), "integer" | "bigint" | "smallint" | "mediumint");
    if integer && !ty.args.is_empty() {
        found.add(ty.span, format!("the display width of {object}"));
    }
    let money =
        ["price", "amount", "cost", "balance"].iter().any(|word| column.name.contains(word));
    if money && matches!(ty.base.as_str(), "float" | "double precision" | "real") {
        found.add(ty.span, format!("{} for money in {object}", ty.text));
    }
}

fn is_narrow(charset: &str) -> bool {
    matches!(charset, "utf8" | "utf8mb3" | "latin1" | "ascii")
}

#[cfg(test)]
mod tests {
    use crate::check::mysql;

    #[test]
    fn choices() {
        let rule = mysql("D09");
        rule.check("CREATE TABLE t (a int) ENGINE=MyISAM", "D09 1:1 engine myisam of t");
        rule.check("CREATE TABLE t (a int) DEFAULT CHARSET=utf8", "D09 1:1 charset utf8 of t");
        rule.check("CREATE TABLE t (a int) ENGINE=InnoDB CHARSET=utf8mb4", "");
        rule.check("ALTER TABLE t ADD a int(11)", "D09 1:21 the display width of t.a");
        rule.check("ALTER TABLE t ADD price float", "D09 1:25 float for money in t.price");
        let zero = "ALTER TABLE t ADD a date DEFAULT '0000-00-00'";
        rule.check(zero, "D09 1:15 the zero date of t.a");
    }
}

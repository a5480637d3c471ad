//! Constraints that an index makes hold: primary keys, unique keys, exclusions.

use super::change::Site;
use super::name::quote;
use super::table::existing;
use super::{Constraint, ConstraintKind, Member, hazards, options};
use crate::{Hazard, Run, Step};

/// The statements that add one to a table that is there; `add` is the plain one.
pub(super) fn create(
    site: &Site<'_>,
    member: &Member,
    constraint: &Constraint,
    add: Step,
    online: bool,
) -> Vec<Step> {
    let (table, object) = (&member.of, member.plain());
    let twice = duplicates(site, member, constraint);
    let Some((columns, when)) = index_of(constraint).filter(|_| online) else {
        let text = "builds an index; nobody reads or writes the table meanwhile (ACCESS EXCLUSIVE)";
        let step = add.hazard(hazards::lock(&object, text, table));
        return vec![step.hazard(twice)];
    };
    let name = quote(&member.name);
    let mut index = format!("CREATE UNIQUE INDEX CONCURRENTLY {name}\n    ON {table} {columns}");
    if !constraint.options.is_empty() {
        index.push_str(&format!(" WITH ({})", options::list(&constraint.options)));
    }
    if let Some(tablespace) = &constraint.tablespace {
        index.push_str(&format!(" TABLESPACE {}", quote(tablespace)));
    }
    let kind = match constraint.kind {
        ConstraintKind::Primary => "PRIMARY KEY",
        _ => "UNIQUE",
    };
    let sql =
        format!("ALTER TABLE {table}\n    ADD CONSTRAINT {name} {kind} USING INDEX {name}{when}");
    vec![Step::new(index).hazard(twice).run(Run::Alone), Step::new(sql)]
}

/// The columns of the index as CREATE INDEX has them, and when the constraint is looked at; none
/// where no index that stands by itself will do.
fn index_of(constraint: &Constraint) -> Option<(String, &str)> {
    let text = &constraint.definition;
    let plain = matches!(constraint.kind, ConstraintKind::Primary | ConstraintKind::Unique);
    if !plain || text.contains(" WITHOUT OVERLAPS") {
        return None;
    }
    let start = text.find('(')?;
    let (columns, when) = text.split_at(clauses_end(text));
    let alike = columns[..start].contains("NULLS NOT DISTINCT");
    let nulls = if alike { " NULLS NOT DISTINCT" } else { "" };
    Some((format!("{}{nulls}", &columns[start..]), when))
}

/// Where the columns of a definition end, included ones too: after the last parenthesis that no
/// condition opens.
pub(super) fn clauses_end(definition: &str) -> usize {
    let (mut depth, mut quoted, mut end) = (0_usize, None, definition.len());
    for (at, c) in definition.char_indices() {
        match (quoted, c) {
            (Some(open), _) if open == c => quoted = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quoted = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => {
                depth = depth.saturating_sub(1);
                let rest = &definition[at + 1..];
                if depth == 0 && !rest.starts_with(" INCLUDE") {
                    end = at + 1;
                    break;
                }
            }
            _ => {}
        }
    }
    end
}

fn duplicates(site: &Site<'_>, member: &Member, constraint: &Constraint) -> Hazard {
    let object = member.plain();
    if constraint.kind == ConstraintKind::Exclusion {
        return hazards::fails(&object, "fails where two rows exclude each other", None);
    }
    let probe =
        existing(site, &member.of, &constraint.columns).map(|columns| twice(&member.of, &columns));
    hazards::fails(&object, "fails where two rows have the same key", probe)
}

/// How many keys more than one row has.
pub(super) fn twice(table: &super::Name, columns: &[String]) -> String {
    let known: Vec<String> = columns.iter().map(|column| format!("{column} IS NOT NULL")).collect();
    format!(
        "SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {} GROUP BY {} HAVING count(*) > 1) x",
        known.join(" AND "),
        columns.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_end_before_what_follows_them() {
        let check = |text: &str, expected: &str| {
            assert_eq!(&text[clauses_end(text)..], expected, "{text}");
        };
        check("PRIMARY KEY (id)", "");
        check("UNIQUE (a, \"b)\") DEFERRABLE", " DEFERRABLE");
        check("UNIQUE (a) INCLUDE (b) DEFERRABLE", " DEFERRABLE");
        check("EXCLUDE USING gist (f(a) WITH &&) WHERE ((b > 0))", " WHERE ((b > 0))");
    }
}

//! D05: types that PostgreSQL has better ones for.

use crate::found::Found;
use crate::rule::Rule;
use crate::scene::Scene;
use crate::squawk::{Hit, as_is};
use crate::{Level, Servers};

pub(super) const RULE: Rule = Rule {
    id: "D05",
    name: "type-choice",
    servers: Servers::P,
    level: Level::Warning,
    says: "{} has a type that PostgreSQL has a better one for",
    rewrite: "timestamptz for points in time; text with a CHECK for limits, which can be changed \
              without a rewrite",
    own: Servers::NONE,
    squawk: Some(judge),
    ..Rule::BASE
};

fn judge(hit: &Hit<'_>, scene: &Scene<'_>, found: &mut Found) {
    as_is(hit, scene, found);
    if let Some(last) = found.findings.last_mut() {
        last.because(match hit.rule {
            "prefer-timestamp-tz" => {
                "timestamp has no time zone: the same instant reads differently"
            }
            "ban-char-field" => "char(n) pads its values with spaces",
            _ => "varchar(n) is text with a limit that is a chore to change",
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::check::postgres;

    #[test]
    fn columns() {
        let rule = postgres("D05");
        rule.check("CREATE TABLE t (a timestamp)", "D05 1:19 t [fix]");
        rule.check("CREATE TABLE t (a varchar(9))", "D05 1:19 t [fix]");
        rule.check("CREATE TABLE t (a timestamptz, b text)", "");
        let says = "char(n) pads its values with spaces";
        rule.says("CREATE TABLE t (a char(9))", says);
    }
}

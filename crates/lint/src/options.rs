//! What a project may choose.

use crate::rule::Class;
use crate::{Level, Rule, Server, registry};

/// What a project may choose.
#[derive(Debug, Clone)]
pub struct Options {
    /// The server that the migrations are for.
    pub server: Server,
    /// Rows from which on a table is large.
    pub large: u64,
    /// Later ones count before earlier ones of the same kind; a rule before its class.
    levels: Vec<(Selector, Level)>,
}

/// Rules that a level is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Selector {
    Class(char),
    Rule(&'static str),
}

/// A name that is neither a rule nor a class.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name} is no rule")]
pub struct UnknownRule {
    /// The name.
    pub name: String,
    /// The rule that may be meant.
    pub nearest: Option<&'static str>,
}

/// Rows from which on a table is large, unless the project says otherwise.
pub const LARGE_ROWS: u64 = 10_000;

impl Options {
    /// The defaults for a server.
    #[must_use]
    pub const fn new(server: Server) -> Self {
        Self { server, large: LARGE_ROWS, levels: Vec::new() }
    }

    /// Sets the level of a rule, or of a class by its letter.
    ///
    /// # Errors
    /// No rule and no class has this name.
    pub fn set(&mut self, name: &str, level: Level) -> Result<(), UnknownRule> {
        let class = ['L', 'K', 'C', 'D'].into_iter().find(|letter| name == letter.to_string());
        let selector = match (class, registry::find(name)) {
            (Some(letter), _) => Selector::Class(letter),
            (None, Some(rule)) => Selector::Rule(rule.id),
            (None, None) => {
                let nearest = registry::nearest(name);
                return Err(UnknownRule { name: name.to_owned(), nearest });
            }
        };
        self.levels.push((selector, level));
        Ok(())
    }

    /// The level of a rule; whether somebody chose it.
    pub(crate) fn level(&self, rule: &Rule) -> Level {
        let last = |wanted: Selector| {
            let of = self.levels.iter().rev().find(|(selector, _)| *selector == wanted);
            of.map(|(_, level)| *level)
        };
        last(Selector::Rule(rule.id))
            .or_else(|| last(Selector::Class(rule.class().letter())))
            .unwrap_or(match rule.class() {
                Class::Design => Level::Off,
                _ => rule.level,
            })
    }
}

#[cfg(test)]
mod tests {
    use xtask_db_sql::Dialect;

    use super::*;

    #[test]
    fn a_rule_counts_before_its_class() {
        let mut options = Options::new(Server::of(Dialect::Postgres));
        let level = |options: &Options, id: &str| {
            options.level(registry::find(id).unwrap_or_else(|| panic!("{id}")))
        };
        assert_eq!(level(&options, "L01"), Level::Error);
        assert_eq!(level(&options, "D02"), Level::Off);
        options.set("L01", Level::Note).unwrap();
        options.set("L", Level::Warning).unwrap();
        options.set("D", Level::Warning).unwrap();
        options.set("table-without-primary-key", Level::Error).unwrap();
        assert_eq!(level(&options, "L01"), Level::Note);
        assert_eq!(level(&options, "L02"), Level::Warning);
        assert_eq!(level(&options, "D02"), Level::Error);
        let unknown = options.set("L99", Level::Off).unwrap_err();
        assert_eq!(unknown.name, "L99");
    }
}

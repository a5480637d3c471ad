//! Versions of servers and of their programs.

/// Whose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Postgres,
    MariaDb,
    MySql,
}

/// Major and minor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version(pub(super) u32, pub(super) u32);

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

/// What a program says of itself with `--version`.
pub(super) fn of_program(said: &str) -> Option<(Family, Version)> {
    let (family, rest) = if let Some((_, rest)) = said.split_once("(PostgreSQL)") {
        (Family::Postgres, rest)
    } else if said.contains("MariaDB") {
        // `Ver 10.19 Distrib 10.11.6-MariaDB`; since 11: `from 11.4.2-MariaDB, client 15.2`.
        let rest = said.split_once("Distrib").or_else(|| said.split_once("from"))?.1;
        (Family::MariaDb, rest)
    } else {
        (Family::MySql, said.split_once("Ver")?.1)
    };
    Some((family, first(rest)?))
}

/// What a server says of itself.
pub(super) fn of_server(name: &str, version: &str) -> Option<(Family, Version)> {
    let family = match name {
        "PostgreSQL" => Family::Postgres,
        "MariaDB" => Family::MariaDb,
        "MySQL" => Family::MySql,
        _ => return None,
    };
    // Old MariaDB servers put `5.5.5-` before their own, for replication.
    Some((family, first(version.strip_prefix("5.5.5-").unwrap_or(version))?))
}

/// Why this program must not dump that server; none when it may. A PostgreSQL server's minor
/// version changes nothing that a dump holds; MariaDB's and MySQL's second number does.
pub(super) fn unfit(program: (Family, Version), server: (Family, Version)) -> Option<&'static str> {
    if program.0 != server.0 {
        return Some("it is another server's program");
    }
    let older = match server.0 {
        Family::Postgres => program.1.0 < server.1.0,
        Family::MariaDb | Family::MySql => program.1 < server.1,
    };
    older.then_some("it is older than the server, and would leave out what it does not know")
}

/// The first number of a text, and the one after its dot.
fn first(text: &str) -> Option<Version> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let text = &text[start..];
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let mut parts = text[..end].split('.').map(str::parse);
    let major = parts.next()?.ok()?;
    Some(Version(major, parts.next().and_then(Result::ok).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_say_their_version_in_several_ways() {
        fn check(said: &str, family: Family, version: (u32, u32)) {
            let expected = (family, Version(version.0, version.1));
            assert_eq!(of_program(said), Some(expected), "{said}");
        }
        check("pg_dump (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)", Family::Postgres, (15, 20));
        check("pg_dump (PostgreSQL) 18beta1", Family::Postgres, (18, 0));
        let old = "mariadb-dump  Ver 10.19 Distrib 10.11.19-MariaDB, for debian-linux-gnu (x86_64)";
        check(old, Family::MariaDb, (10, 11));
        let new = "mariadb-dump from 11.4.2-MariaDB, client 10.19 for Linux (x86_64)";
        check(new, Family::MariaDb, (11, 4));
        let mysql = "mysqldump  Ver 8.0.36 for Linux on x86_64 (MySQL Community Server - GPL)";
        check(mysql, Family::MySql, (8, 0));
        assert_eq!(of_program("usage: mysqldump"), None);
    }

    #[test]
    fn an_older_program_and_a_strange_one_are_refused() {
        fn check(program: &str, server: (&str, &str), fits: bool) {
            let program = of_program(program).unwrap();
            let server = of_server(server.0, server.1).unwrap();
            assert_eq!(unfit(program, server).is_none(), fits, "{program:?} {server:?}");
        }
        let pg = "pg_dump (PostgreSQL) 15.2";
        check(pg, ("PostgreSQL", "15.20 (Debian 15.20-0+deb12u1)"), true);
        check(pg, ("PostgreSQL", "14.1"), true);
        check(pg, ("PostgreSQL", "16.0"), false);
        let maria = "mariadb-dump  Ver 10.19 Distrib 10.11.19-MariaDB, for debian-linux-gnu";
        check(maria, ("MariaDB", "10.11.20-MariaDB"), true);
        check(maria, ("MariaDB", "5.5.5-10.6.1-MariaDB"), true);
        check(maria, ("MariaDB", "11.4.2-MariaDB"), false);
        check(maria, ("MySQL", "8.0.36"), false);
    }
}

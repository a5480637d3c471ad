//! PostgreSQL: what makes a new database one like another: encoding and collation when it is
//! created; owner, settings, rights and comment afterwards.

use xtask_db_sql::{Dialect, Syntax, ident, literal};

use crate::conn::Conn;
use crate::{DbError, Error};

/// Settings whose stored text is a list that is quoted already (`GUC_LIST_QUOTE` in the server).
const LISTS: [&str; 6] = [
    "search_path",
    "temp_tablespaces",
    "local_preload_libraries",
    "session_preload_libraries",
    "shared_preload_libraries",
    "unix_socket_directories",
];

const DOING: &str = "reading the database's properties";

/// What `CREATE DATABASE` says after the name, for one with the encoding and collation of `name`,
/// which may not be there.
pub(crate) async fn clause(conn: &mut Conn, name: &str) -> Result<String, Error> {
    // The columns of the locale differ between versions: they are read by name.
    let sql = format!(
        "SELECT pg_catalog.pg_encoding_to_char(d.encoding)::text, d.datcollate::text, \
         d.datctype::text, j.row->>'datlocprovider', \
         coalesce(j.row->>'datlocale', j.row->>'daticulocale') FROM pg_catalog.pg_database d, \
         LATERAL (SELECT pg_catalog.to_jsonb(d) AS row) j WHERE d.datname = {}",
        lit(name)
    );
    let rows = conn.rows(&sql).await.map_err(reading)?;
    let mut clause = "TEMPLATE template0".to_owned();
    let Some([encoding, collate, ctype, provider, locale]) = rows.first().map(Vec::as_slice) else {
        return Ok(clause);
    };
    let (kind, word) = match provider.as_deref() {
        Some("i") => (Some("icu"), "ICU_LOCALE"),
        Some("b") => (Some("builtin"), "BUILTIN_LOCALE"),
        _ => (None, ""),
    };
    let values = [("ENCODING", encoding), ("LC_COLLATE", collate), ("LC_CTYPE", ctype)];
    for (word, value) in values {
        if let Some(value) = value {
            clause.push_str(&format!(" {word} {}", lit(value)));
        }
    }
    if let Some(kind) = kind {
        clause.push_str(&format!(" LOCALE_PROVIDER {kind}"));
        if let Some(locale) = locale {
            clause.push_str(&format!(" {word} {}", lit(locale)));
        }
    }
    Ok(clause)
}

/// The statements that give `new` the owner, settings, rights and comment of `old`.
pub(super) async fn properties(
    conn: &mut Conn,
    old: &str,
    new: &str,
) -> Result<Vec<String>, Error> {
    let to = quoted(new);
    let mut statements = settings(conn, old, &to).await?;
    let sql = format!(
        "SELECT pg_catalog.pg_get_userbyid(datdba)::text, datconnlimit::text, \
         pg_catalog.shobj_description(oid, 'pg_database') FROM pg_catalog.pg_database \
         WHERE datname = {}",
        lit(old)
    );
    let rows = conn.rows(&sql).await.map_err(reading)?;
    let Some([Some(owner), Some(limit), comment]) = rows.first().map(Vec::as_slice) else {
        return Ok(statements);
    };
    if let Some(text) = comment {
        statements.push(format!("COMMENT ON DATABASE {to} IS {}", lit(text)));
    }
    statements.push(format!("ALTER DATABASE {to} CONNECTION LIMIT {limit}"));
    // Last: what comes after would need the owner's rights.
    let last = format!("ALTER DATABASE {to} OWNER TO {}", quoted(owner));
    statements.extend(rights(conn, old, &to).await?);
    statements.push(last);
    Ok(statements)
}

/// The rights that are not what a new database has.
async fn rights(conn: &mut Conn, old: &str, to: &str) -> Result<Vec<String>, Error> {
    let sql = format!(
        "SELECT a.grantee = 0, pg_catalog.pg_get_userbyid(a.grantee)::text, \
         a.privilege_type::text, a.is_grantable FROM pg_catalog.pg_database d, \
         LATERAL pg_catalog.aclexplode(d.datacl) a WHERE d.datname = {} \
         AND a.grantee <> d.datdba",
        lit(old)
    );
    let known = format!(
        "SELECT 1 FROM pg_catalog.pg_database WHERE datname = {} AND datacl IS NOT NULL",
        lit(old)
    );
    if conn.rows(&known).await.map_err(reading)?.is_empty() {
        return Ok(Vec::new());
    }
    let mut statements = vec![format!("REVOKE ALL ON DATABASE {to} FROM PUBLIC")];
    for row in conn.rows(&sql).await.map_err(reading)? {
        let [public, Some(role), Some(right), grantable] = row.as_slice() else { continue };
        let public = public.as_deref() == Some("t");
        let role = if public { "PUBLIC".to_owned() } else { quoted(role) };
        let option = if grantable.as_deref() == Some("t") { " WITH GRANT OPTION" } else { "" };
        statements.push(format!("GRANT {right} ON DATABASE {to} TO {role}{option}"));
    }
    Ok(statements)
}

/// `ALTER DATABASE … SET` and `ALTER ROLE … IN DATABASE … SET`.
async fn settings(conn: &mut Conn, old: &str, to: &str) -> Result<Vec<String>, Error> {
    let sql = format!(
        "SELECT CASE WHEN s.setrole <> 0 THEN pg_catalog.pg_get_userbyid(s.setrole)::text END, \
         split_part(c, '=', 1), substr(c, strpos(c, '=') + 1) \
         FROM pg_catalog.pg_db_role_setting s \
         JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase, \
         LATERAL unnest(s.setconfig) AS c WHERE d.datname = {}",
        lit(old)
    );
    let mut statements = Vec::new();
    for row in conn.rows(&sql).await.map_err(reading)? {
        let [role, Some(name), Some(value)] = row.as_slice() else { continue };
        let whose = match role {
            Some(role) => format!("ALTER ROLE {} IN DATABASE {to}", quoted(role)),
            None => format!("ALTER DATABASE {to}"),
        };
        // A name may have a dot: `app.tenant`.
        let parts: Vec<String> = name.split('.').map(quoted).collect();
        let setting = parts.join(".");
        if LISTS.contains(&name.as_str()) {
            // The session takes the text as a list, the statement takes it from the session.
            let set = format!("SELECT pg_catalog.set_config({}, {}, false)", lit(name), lit(value));
            statements.push(set);
            statements.push(format!("{whose} SET {setting} FROM CURRENT"));
            statements.push(format!("RESET {setting}"));
        } else {
            statements.push(format!("{whose} SET {setting} TO {}", lit(value)));
        }
    }
    Ok(statements)
}

fn lit(text: &str) -> String {
    literal(Syntax::of(Dialect::Postgres), text)
}

fn quoted(name: &str) -> String {
    ident(Dialect::Postgres, name)
}

const fn reading(error: DbError) -> Error {
    Error::Server { doing: DOING, error }
}

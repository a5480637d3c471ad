//! What is read, what is refused, and that nothing is told.

use std::path::Path;

use super::*;

fn parse(text: &str) -> Result<DbUrl, UrlError> {
    DbUrl::parse(text, Path::new("/base"))
}

#[test]
fn urls_are_read() {
    let check = |text: &str, expected: &str| {
        let url = parse(text).map_err(|error| format!("{text}: {error}")).unwrap();
        let schema = url.schema().unwrap_or_default();
        let found = format!("{} | {} | {} | {}", url.host(), url.database(), schema, url.masked());
        assert_eq!(found, expected, "{text}");
    };
    let files = [
        ("sqlite:dev.db", "/base/dev.db", ""),
        ("sqlite://dev.db", "/base/dev.db", ""),
        ("sqlite:///var/dev.db", "/var/dev.db", ""),
        ("sqlite:/var/./dev.db", "/var/dev.db", ""),
        ("SQLITE:dev.db", "/base/dev.db", ""),
        ("file:./dev.db", "/base/dev.db", ""),
        ("file:dev.db?connection_limit=1&socket_timeout=3", "/base/dev.db", ""),
        ("file:///var/dev.db", "/var/dev.db", ""),
        ("file://localhost/var/dev.db", "/var/dev.db", ""),
        ("sqlite:../a%20b%3F.db", "/base/../a b?.db", ""),
        ("sqlite:dev.db?mode=ro&cache=shared", "/base/dev.db", "?mode=ro"),
        ("sqlite:dev.db?mode=rwc", "/base/dev.db", "?mode=rwc"),
        ("sqlite:dev.db?immutable=1", "/base/dev.db", "?immutable=1"),
        ("sqlite:dev@home.db", "/base/dev@home.db", ""),
        ("sqlite::memory:", ":memory:", ""),
        ("sqlite://:memory:", ":memory:", ""),
        ("sqlite:x?mode=memory", ":memory:", ""),
    ];
    for (text, path, query) in files {
        check(text, &format!("file | {path} |  | sqlite:{path}{query}"));
    }
    check(
        "postgres://ana:pw@db.example:5433/app",
        "db.example:5433 | app |  | postgresql://ana:***@db.example:5433/app",
    );
    check(
        "postgresql://ana@h/app?schema=shop&pgbouncer=true&connection_limit=5",
        "h:5432 | app | shop | postgresql://ana@h/app?schema=shop",
    );
    check("postgres://ana:@h/app", "h:5432 | app |  | postgresql://ana:***@h/app");
    check("postgres://[::1]:99/app", "[::1]:99 | app |  | postgresql://[::1]:99/app");
    check("postgres:///app?host=/run/pg", "/run/pg | app |  | postgresql:///app?host=/run/pg");
    check(
        "postgres://ana:pw@/app?host=/run/pg",
        "/run/pg | app |  | postgresql://ana:***@/app?host=/run/pg",
    );
    check("postgres://%2Frun%2Fpg/app", "/run/pg | app |  | postgresql:///app?host=/run/pg");
    check(
        "postgres://h/?dbname=my%20app&user=ana&password=pw",
        "h:5432 | my app |  | postgresql://ana:***@h/my%20app",
    );
    check(
        "postgres://h/app?sslmode=require&sslaccept=strict&channel_binding=require",
        "h:5432 | app |  | postgresql://h/app?sslmode=verify-full",
    );
    check("mysql://root@h/app", "h:3306 | app |  | mysql://root@h/app");
    check(
        "mariadb://root:pw@h:3307/app?ssl-mode=VERIFY_IDENTITY",
        "h:3307 | app |  | mysql://root:***@h:3307/app?sslmode=verify-identity",
    );
    check(
        "mysql://root@localhost/app?socket=/run/my.sock",
        "/run/my.sock | app |  | mysql://root@localhost/app?socket=/run/my.sock",
    );
    check(" mysql://h/app\n", "h:3306 | app |  | mysql://h/app");
}

#[test]
fn urls_are_refused() {
    let check = |text: &str, expected: &str| {
        let error = parse(text).expect_err(text).to_string();
        assert!(error.contains(expected), "{text}: {error}");
    };
    check("", "is empty");
    check("  ", "is empty");
    check("oracle://h/app", "oracle: is not a database");
    check("dev.db", "dev.db: is not a database");
    check("hunter2@h/app", "the text: is not");
    check("ana:pw@tcp(h)/app", "the text: is not");
    check("postgres:h/app", "no //");
    check("postgres://h", "no database name");
    check("postgres://h/", "no database name");
    check("mysql://h/", "no database name");
    check("postgres://h:port/app", "port");
    check("postgres://h:99999/app", "port");
    check("postgres://a,b/app", "several hosts");
    check("postgres://h/app?sslmode=maybe", "unknown value for sslmode");
    check("postgres://h/app?sslidentity=x.p12", "parameter sslidentity is not known");
    check("postgres://h/app?colour=red", "parameter colour is not known");
    check("postgres://h/app?socket=/run", "parameter socket is not known");
    check("mysql://h/app?schema=x", "parameter schema is not known");
    check("mysql://h/app?sslmode=allow", "unknown value for sslmode");
    check("mysql://h/app?charset=utf8';DROP", "improper value for charset");
    check("mysql://h/app?timezone='", "improper value for timezone");
    check("postgres://h/app#x", "%23");
    check("postgres://h/%FF", "not UTF-8");
    check("postgres://h/a%00b", "NUL");
    check("sqlite:", "no file");
    check("sqlite:a%00b", "NUL");
    check("sqlite:data/", "names a folder");
    check("sqlite:..", "names a folder");
    check("sqlite:a.db?mode=x", "unknown value for mode");
    check("sqlite:a.db?key=x", "parameter key is not known");
}

#[test]
fn no_text_tells_the_password() {
    let secrets = ["CANARY", "p:CANARY", "CAN/ARY", "CAN?ARY", "CAN#ARY", "CAN@ARY", "CAN%ARY"];
    let shapes = [
        "postgres://ana:{}@h/app",
        "postgres://ana:{}@h:x/app",
        "postgres://ana:{}@h",
        "postgres://ana:{}@h/app?colour=1",
        "postgres://ana:{}@h/app?sslmode=x",
        "mysql://ana:{}@h/app",
        "postgres://h/app?password={}",
        "postgres:///app?host=/run&user=ana&password={}",
        "postgre://ana:{}@h/app",
        "ana:{}@h/app",
        "{}@h",
        ":{}@h/app",
        "postgres:ana:{}@h/app",
    ];
    for secret in secrets {
        let encoded: String = secret.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let lower = encoded.to_lowercase();
        for shape in shapes {
            for written in [secret, &encoded, &lower] {
                let text = shape.replace("{}", written);
                let shown = match parse(&text) {
                    Ok(url) => format!("{url} {url:?} {} {}", url.host(), url.database()),
                    Err(error) => format!("{error} {error:?}"),
                };
                let told = shown.contains("CAN") || shown.contains("ARY") || shown.contains("%43");
                assert!(!told, "{text}: {shown}");
            }
        }
    }
}

#[test]
fn another_database_of_the_same_server() {
    let check = |text: &str, name: &str, expected: &str| {
        assert_eq!(parse(text).unwrap().with_database(name).masked(), expected);
    };
    check(
        "postgres://a:b@h/app?sslmode=require",
        "x y",
        "postgresql://a:***@h/x%20y?sslmode=require",
    );
    check("mysql://a:b@h/app", "x", "mysql://a:***@h/x");
    check("sqlite:/var/dev.db", "x.db", "sqlite:/var/x.db");
}

#[cfg(feature = "postgres")]
#[test]
fn postgres_gets_the_parts() {
    let check = |text: &str, expected: [&str; 4]| {
        let options = parse(text).unwrap().postgres_options();
        let socket = options.get_socket().map(|path| path.display().to_string());
        let host = socket.unwrap_or_else(|| options.get_host().to_owned());
        let found = [
            host,
            options.get_username().to_owned(),
            options.get_database().unwrap_or_default().to_owned(),
            options.get_options().unwrap_or_default().to_owned(),
        ];
        assert_eq!(found, expected, "{text}");
        assert_eq!(options.get_application_name(), Some("xtask-db"));
    };
    check("postgres://a%40b:p@h/x%2Fy", ["h", "a@b", "x/y", ""]);
    check("postgres://u@[::1]/x", ["::1", "u", "x", ""]);
    check("postgres://u@/x?host=/run/pg", ["/run/pg", "u", "x", ""]);
    check("postgres://u@h/x?options=-c%20a%3Db", ["h", "u", "x", "-c a=b"]);
    check("postgres://u@h/x?options[a]=b", ["h", "u", "x", "-c a=b"]);
}

#[cfg(any(feature = "postgres", feature = "mysql"))]
#[test]
fn certificates_are_told_apart() {
    let check = |text: &str, root: Option<&str>, client: Option<&str>| {
        let Form::Server(server) = parse(text).unwrap().form else { unreachable!() };
        let tls = &server.params.tls;
        assert_eq!((tls.root.as_deref(), tls.cert.as_deref()), (root, client), "{text}");
    };
    check("postgres://h/x?sslcert=ca.pem", Some("ca.pem"), None);
    check("postgres://h/x?sslcert=c.pem&sslkey=k.pem", None, Some("c.pem"));
    check("mysql://h/x?ssl-ca=ca.pem", Some("ca.pem"), None);
}

#[cfg(feature = "mysql")]
#[test]
fn mysql_gets_the_parts() {
    let options = parse("mysql://u:p@[::1]:99/x?socket=/run/s&charset=latin1").unwrap();
    let options = options.mysql_options();
    assert_eq!(options.get_host(), "::1");
    assert_eq!(options.get_port(), 99);
    assert_eq!(options.get_database(), Some("x"));
    assert_eq!(options.get_charset(), "latin1");
    assert_eq!(options.get_socket(), Some(&"/run/s".into()));
}

//! The server's clock as SQL text. Times are written and read in UTC.

use std::time::Duration;

use xtask_db_sql::Dialect;

/// Now, to the millisecond, as a value of the time columns.
pub(crate) const fn now(dialect: Dialect) -> &'static str {
    match dialect {
        // Prisma reads RFC 3339 text from SQLite.
        Dialect::Sqlite => "strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')",
        Dialect::Postgres => "clock_timestamp()",
        Dialect::Mysql => "UTC_TIMESTAMP(3)",
    }
}

/// Now, moved by a number of milliseconds.
pub(crate) fn shifted(dialect: Dialect, ms: i64) -> String {
    match dialect {
        Dialect::Sqlite => {
            let sign = if ms < 0 { '-' } else { '+' };
            let (s, ms) = (ms.unsigned_abs() / 1000, ms.unsigned_abs() % 1000);
            format!("strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now', '{sign}{s}.{ms:03} seconds')")
        }
        Dialect::Postgres => format!("clock_timestamp() + interval '{ms} milliseconds'"),
        Dialect::Mysql => format!("UTC_TIMESTAMP(3) + INTERVAL {ms}000 MICROSECOND"),
    }
}

/// Now less an elapsed time: when something started that ends now.
pub(crate) fn ago(dialect: Dialect, elapsed: Duration) -> String {
    shifted(dialect, -i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX))
}

/// A time column as text, `2026-01-02T03:04:05.678Z`. SQLite columns may hold milliseconds since
/// 1970, which Prisma writes.
pub(crate) fn shown(dialect: Dialect, column: &str) -> String {
    match dialect {
        Dialect::Sqlite => format!(
            "CASE WHEN substr({column}, 24) = '+00:00' THEN substr({column}, 1, 23) || 'Z' \
             WHEN typeof({column}) = 'integer' \
             THEN strftime('%Y-%m-%dT%H:%M:%fZ', {column} / 1000.0, 'unixepoch') \
             ELSE strftime('%Y-%m-%dT%H:%M:%fZ', {column}) END"
        ),
        Dialect::Postgres => {
            format!("to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')")
        }
        Dialect::Mysql => {
            format!("CONCAT(LEFT(DATE_FORMAT({column}, '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z')")
        }
    }
}

/// Milliseconds from one time column to another.
pub(crate) fn between_ms(dialect: Dialect, from: &str, to: &str) -> String {
    match dialect {
        Dialect::Sqlite => {
            let at = |column: &str| {
                format!(
                    "(CASE typeof({column}) WHEN 'integer' THEN {column} \
                     ELSE (julianday({column}) - 2440587.5) * 86400000.0 END)"
                )
            };
            format!("CAST(round({} - {}) AS INTEGER)", at(to), at(from))
        }
        Dialect::Postgres => {
            format!("(extract(epoch FROM {to} - {from}) * 1000)::bigint")
        }
        Dialect::Mysql => format!("TIMESTAMPDIFF(MICROSECOND, {from}, {to}) DIV 1000"),
    }
}

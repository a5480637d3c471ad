//! Exit codes. Documented, part of the interface: scripts and CI jobs branch on them.

/// Done, and where something was asked, the answer is yes.
pub const OK: u8 = 0;
/// An internal or I/O error, or a generator that failed.
pub const INTERNAL: u8 = 1;
/// The command line or the configuration is wrong.
pub const USAGE: u8 = 2;
/// The database is behind: migrations are pending.
pub const BEHIND: u8 = 3;
/// The history is in conflict: edited, missing, out of order, failed, draft, lock file mismatch,
/// unmanaged.
pub const CONFLICT: u8 = 4;
/// Refused: a protected database, a confirmation that was not given, rows that would be lost.
pub const REFUSED: u8 = 5;
/// A migration failed while it was applied.
pub const FAILED: u8 = 6;
/// The deploy lock was not obtained in time.
pub const LOCKED: u8 = 7;
/// Drift or a difference.
pub const DIFFERENT: u8 = 8;
/// The connection failed, or the server refused a statement of the tool.
pub const CONNECTION: u8 = 9;
/// Interrupted by Ctrl-C (128 + SIGINT).
pub const INTERRUPTED: u8 = 130;
/// Ended by SIGTERM (128 + SIGTERM).
pub const TERMINATED: u8 = 143;

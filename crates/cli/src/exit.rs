//! Exit codes. Part of the contract: scripts and CI jobs branch on them.

/// Done, and nothing is wrong.
pub const OK: u8 = 0;
/// An internal fault, or a file could not be read or written.
pub const INTERNAL: u8 = 1;
/// The command line or the configuration is wrong.
pub const USAGE: u8 = 2;
/// The database is behind.
pub const BEHIND: u8 = 3;
/// The history conflicts: edited, missing, out of order, failed, draft, lock mismatch, unmanaged.
pub const CONFLICT: u8 = 4;
/// Refused: protected, not confirmed, data would be lost.
pub const REFUSED: u8 = 5;
/// A migration failed while it was applied.
pub const MIGRATION: u8 = 6;
/// The lock was not obtained in time.
pub const LOCK: u8 = 7;
/// There is a difference.
pub const DIFFERENCE: u8 = 8;
/// The connection failed.
pub const CONNECTION: u8 = 9;
/// Interrupted by Ctrl-C.
pub const SIGINT: u8 = 130;
/// Ended by SIGTERM.
pub const SIGTERM: u8 = 143;

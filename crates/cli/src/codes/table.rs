//! Every code, for the documentation and the tests that hold it against the code.

/// A code and what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// `XDBnnnn`.
    pub code: &'static str,
    /// One line.
    pub title: &'static str,
    /// The exit status.
    pub exit: u8,
}

const fn code(code: &'static str, exit: u8, title: &'static str) -> Code {
    Code { code, title, exit }
}

/// Every code, in order.
pub const CODES: &[Code] = &[
    code("XDB0101", 2, "the command line is wrong"),
    code("XDB0102", 2, "there is no migrations folder"),
    code("XDB0103", 2, "a name is no name for a migration"),
    code("XDB0104", 2, "an id is not in the migrations folder"),
    code("XDB0110", 2, "a configuration key is unknown"),
    code("XDB0111", 2, "a configuration value is of the wrong kind"),
    code("XDB0112", 2, "cargo metadata failed"),
    code("XDB0113", 2, "the configuration file cannot be read"),
    code("XDB0114", 2, "a package must be chosen"),
    code("XDB0115", 2, "an environment is unknown"),
    code("XDB0116", 2, "no database URL is given"),
    code("XDB0117", 2, "a database URL is wrong"),
    code("XDB0118", 2, "the build has no driver for this database"),
    code("XDB0119", 2, "the URL is of another kind of database than the lock file"),
    code("XDB0120", 2, "a migration cannot be applied with --atomic"),
    code("XDB0121", 2, "the search path names no schema that exists"),
    code("XDB0122", 2, "the search path is not the recorded one"),
    code("XDB0123", 2, "the shadow database is the database itself"),
    code("XDB0124", 2, "the workspace cannot be set up as it is"),
    code("XDB0125", 2, "there is no revision to compare with"),
    code("XDB0201", 4, "a sealed migration was changed"),
    code("XDB0202", 4, "a sealed migration is missing, or the lock file is out of step"),
    code("XDB0203", 4, "the lock file is missing"),
    code("XDB0205", 4, "the lock file has conflict markers"),
    code("XDB0206", 4, "the lock file is of a newer version"),
    code("XDB0207", 4, "the lock file cannot be read"),
    code("XDB0208", 4, "the migrations folder has something that is refused"),
    code("XDB0209", 4, "a draft in a release build"),
    code("XDB0210", 4, "a migration is not in a state for this command"),
    code("XDB0211", 4, "the history differs from the revision it is compared with"),
    code("XDB0212", 4, "a migration's text cannot be split into statements"),
    code("XDB0213", 4, "drafts are pending"),
    code("XDB0214", 4, "a migration to revert has no way back"),
    code("XDB0215", 4, "another tool's history cannot be taken over as it is"),
    code("XDB0216", 4, "two branches say different things of one migration"),
    code("XDB0301", 3, "the database is behind"),
    code("XDB0302", 4, "the database and the migrations disagree"),
    code("XDB0303", 4, "the database is ahead"),
    code("XDB0304", 4, "the database has objects and no ledger"),
    code("XDB0305", 4, "the ledger table has another shape"),
    code("XDB0306", 4, "the ledger is of a newer format"),
    code("XDB0307", 4, "an interrupted migration cannot be resumed: its text changed"),
    code("XDB0308", 4, "whether a statement ran is not known"),
    code("XDB0309", 4, "an id is not in a state for this step"),
    code("XDB0310", 4, "applied migrations are not on this branch"),
    code("XDB0311", 4, "migrations are older than the newest applied"),
    code("XDB0401", 5, "a migration is not yours to change"),
    code("XDB0402", 5, "a development command on a protected database"),
    code("XDB0403", 5, "nobody can be asked"),
    code("XDB0404", 5, "not confirmed"),
    code("XDB0405", 5, "refused"),
    code("XDB0406", 5, "a table rebuild would lose rows"),
    code("XDB0407", 5, "the database belongs to another environment"),
    code("XDB0408", 5, "the database requires a backup"),
    code("XDB0501", 6, "a migration failed"),
    code("XDB0502", 6, "a migration failed before with the same error"),
    code("XDB0503", 6, "verify.sql found something"),
    code("XDB0504", 6, "a seed or script failed"),
    code("XDB0601", 7, "the deploy lock was not free in time"),
    code("XDB0602", 7, "the deploy lock was lost"),
    code("XDB0801", 9, "the connection failed"),
    code("XDB0802", 9, "the database did not become ready in time"),
    code("XDB0803", 9, "the connection was lost"),
    code("XDB0804", 9, "the server refused a statement of the tool"),
    code("XDB0900", 1, "an internal fault"),
    code("XDB0901", 1, "a file cannot be read or written"),
    code("XDB0902", 1, "a generator failed"),
    code("XDB0903", 130, "interrupted"),
];

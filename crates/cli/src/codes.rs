//! Error codes: one table, from which the codes, their titles and their exit statuses are read.
//!
//! Invariant: a code that was released keeps its meaning; its number is never given again.

use crate::exit;

/// One error code, as documented under `docs/errors`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct CodeInfo {
    /// `XDBnnnn`.
    pub code: &'static str,
    /// What it means, in a few words.
    pub title: &'static str,
    /// The exit status of a command that ends with it.
    pub exit: u8,
}

/// Every error code, in order.
#[must_use]
pub const fn codes() -> &'static [CodeInfo] {
    Code::TABLE
}

macro_rules! codes {
    ($($name:ident $code:literal $exit:ident $title:literal;)*) => {
        /// An error code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Code { $($name),* }

        impl Code {
            const TABLE: &'static [CodeInfo] = &[
                $(CodeInfo { code: $code, title: $title, exit: exit::$exit }),*
            ];

            pub(crate) const fn info(self) -> &'static CodeInfo {
                &Self::TABLE[self as usize]
            }
        }
    };
}

codes! {
    // 01xx: the command line and the configuration.
    Usage "XDB0101" USAGE "the command line is not understood";
    NoProject "XDB0102" USAGE "no project and no migrations folder";
    UnknownKey "XDB0103" USAGE "unknown configuration key";
    BadValue "XDB0104" USAGE "a configuration value that cannot be used";
    NoUrl "XDB0105" USAGE "no database URL";
    BadUrl "XDB0106" USAGE "a database URL that cannot be used";
    UnknownEnvironment "XDB0107" USAGE "unknown environment";
    Provider "XDB0108" USAGE "the URL is for another database than the lock file";
    NoDriver "XDB0109" USAGE "this build has no driver for the database";
    Package "XDB0110" USAGE "no package, or more than one, to choose from";
    BadId "XDB0111" USAGE "a name or id that cannot be used";
    IdState "XDB0112" USAGE "an id that is unknown or in another state";
    NotAtomic "XDB0113" USAGE "a migration cannot share a transaction";
    NoSchema "XDB0114" USAGE "the search path names no schema";
    SearchPath "XDB0115" USAGE "the search path changed";
    ShadowIsMain "XDB0116" USAGE "the shadow database is the database itself";
    Cargo "XDB0117" USAGE "cargo cannot describe the workspace";
    Git "XDB0118" USAGE "git cannot answer";
    NoGenerators "XDB0119" USAGE "no generator with that number";

    // 02xx: the history on disk.
    Changed "XDB0201" CONFLICT "a sealed migration was changed";
    SealedMissing "XDB0202" CONFLICT "a sealed migration is not on disk";
    LockMissing "XDB0203" CONFLICT "the lock file is missing";
    DraftMissing "XDB0204" CONFLICT "a listed draft is not on disk";
    LockConflict "XDB0205" CONFLICT "the lock file has conflict markers";
    LockNewer "XDB0206" CONFLICT "the lock file is from a later version";
    LockUnreadable "XDB0207" CONFLICT "the lock file cannot be read";
    Folder "XDB0208" CONFLICT "the migrations folder is not valid";
    Draft "XDB0209" CONFLICT "a draft is pending";
    NotAbsent "XDB0210" CONFLICT "a migration marked absent is on disk";
    BackfillChanged "XDB0211" CONFLICT "a sealed backfill was changed";

    // 03xx: the database against the history.
    Unfinished "XDB0301" CONFLICT "a migration was begun and not finished";
    Edited "XDB0302" CONFLICT "an applied migration was edited";
    Missing "XDB0303" CONFLICT "an applied migration is missing on disk";
    OutOfOrder "XDB0304" CONFLICT "a pending migration is older than the newest applied";
    Renamed "XDB0305" CONFLICT "an applied migration was renamed";
    Ahead "XDB0306" CONFLICT "the database is ahead of the migrations";
    Unmanaged "XDB0307" CONFLICT "the database has objects and no ledger";
    LedgerShape "XDB0308" CONFLICT "the ledger table is not a ledger";
    LedgerFormat "XDB0309" CONFLICT "the ledger is from a later version";
    ResumeText "XDB0310" CONFLICT "the statements that ran are not those in the file";
    Behind "XDB0311" BEHIND "migrations are pending";

    // 04xx: refused.
    Protected "XDB0401" REFUSED "the environment is protected";
    MarkedProtected "XDB0402" REFUSED "the database is marked as protected";
    Unmarked "XDB0403" REFUSED "the database has objects and no marker";
    OtherEnvironment "XDB0404" REFUSED "the database belongs to another environment";
    NotConfirmed "XDB0405" REFUSED "a confirmation is missing";
    Declined "XDB0406" REFUSED "the confirmation was not given";
    NotOwn "XDB0407" REFUSED "the migration is not yours to change";
    Policy "XDB0408" REFUSED "a policy of the database is not met";
    RowLoss "XDB0409" REFUSED "rows would be lost";
    SeedPolicy "XDB0410" REFUSED "this environment is never seeded";

    // 05xx: applying.
    Statement "XDB0501" FAILED "a statement failed";
    Verify "XDB0502" FAILED "a verification failed";
    Repeat "XDB0503" FAILED "it failed before with the same error";
    Split "XDB0504" FAILED "a file cannot be split into statements";

    // 06xx: the deploy lock.
    LockTimeout "XDB0601" LOCKED "the deploy lock was not free in time";
    Fenced "XDB0602" LOCKED "the deploy lock was lost";

    // 08xx: connection and server.
    Connect "XDB0801" CONNECTION "the connection failed";
    Server "XDB0802" CONNECTION "the server refused a statement of the tool";
    NotReady "XDB0803" CONNECTION "the database did not answer in time";

    // 09xx: the rest.
    Io "XDB0901" INTERNAL "a file cannot be read or written";
    Generator "XDB0902" INTERNAL "a generator failed";
    SeedCommand "XDB0903" INTERNAL "the seed command failed";
    Interrupted "XDB0904" INTERRUPTED "interrupted";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_ascend_and_keep_the_exit_status_of_their_range() {
        for pair in codes().windows(2) {
            assert!(pair[0].code < pair[1].code, "{} before {}", pair[0].code, pair[1].code);
        }
        for info in codes() {
            let exits: &[u8] = match &info.code[3..5] {
                "01" => &[exit::USAGE],
                "02" => &[exit::CONFLICT],
                "03" => &[exit::CONFLICT, exit::BEHIND],
                "04" => &[exit::REFUSED],
                "05" => &[exit::FAILED],
                "06" => &[exit::LOCKED],
                "08" => &[exit::CONNECTION],
                "09" => &[exit::INTERNAL, exit::INTERRUPTED],
                other => panic!("no range {other}"),
            };
            assert!(exits.contains(&info.exit), "{}", info.code);
        }
    }
}

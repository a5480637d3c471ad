//! A throwaway database on the server, empty and like the main one: backups are tried on it, and
//! what is restored on it can take the main one's place.
//!
//! Invariant: until it takes the other's place it is held by a lock on its name; one that a killed
//! run left behind is swept by the next.

use std::path::Path;

use super::like;
use crate::shadow::Throwaway;
use crate::{DbUrl, Error, Event, Observer, SessionOptions};

/// A throwaway database. [`Spare::release`] and [`Spare::take_place`] are its only ends.
pub struct Spare {
    throwaway: Throwaway,
    main: DbUrl,
}

impl Spare {
    /// Makes one on the server of `main`.
    ///
    /// # Errors
    /// The role may not create databases, or the server cannot be reached.
    pub async fn create(main: &DbUrl, options: &SessionOptions) -> Result<Self, Error> {
        let throwaway = Throwaway::like(main, options).await?;
        Ok(Self { throwaway, main: main.clone() })
    }

    /// Where it is.
    #[must_use]
    pub const fn url(&self) -> &DbUrl {
        self.throwaway.url()
    }

    /// Drops it. One that is left behind is told, but is no reason to hide what was found.
    pub async fn release(self, observer: &mut dyn Observer) {
        if let Err(error) = self.throwaway.drop().await {
            let notice = format!("the throwaway database could not be dropped: {error}");
            observer.on(Event::Notice(&notice));
        }
    }

    /// PostgreSQL: this database gets the main one's name, settings and rights; the main one is
    /// kept under the name `kept`. In one transaction: at every moment there is the old database
    /// or the new one. Nobody may be connected to either.
    ///
    /// # Errors
    /// `Error::Id` when sessions are connected; the role may not. Nothing was renamed then.
    pub async fn take_place(self, kept: &str, observer: &mut dyn Observer) -> Result<(), Error> {
        let Self { mut throwaway, main } = self;
        let (old, new) = (main.database(), throwaway.url().database());
        let renamed = async {
            let conn = throwaway.keeper();
            let doing =
                |error| Error::Server { doing: "giving the database its properties", error };
            for statement in like::properties(conn, &old, &new).await? {
                conn.run(&statement).await.map_err(doing)?;
            }
            crate::database::exchange_names(conn, &old, kept, &new).await
        }
        .await;
        match renamed {
            Ok(()) => {
                throwaway.forget().await;
                Ok(())
            }
            Err(error) => {
                Self { throwaway, main }.release(observer).await;
                Err(error)
            }
        }
    }
}

/// The name under which a database is kept that another one replaced, e.g.
/// `shop_before_20260102030405`; short enough for the server.
#[must_use]
pub fn kept_name(database: &str, time: &str) -> String {
    const NAME_MAX_BYTES: usize = 63;
    let end = format!("_before_{time}");
    let mut start = database.len().min(NAME_MAX_BYTES.saturating_sub(end.len()));
    while !database.is_char_boundary(start) {
        start -= 1;
    }
    format!("{}{end}", &database[..start])
}

/// The same for a file: beside it, `shop.db.before_20260102030405`.
#[must_use]
pub fn kept_path(file: &Path, time: &str) -> std::path::PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(format!(".before_{time}"));
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_name_fits_the_server() {
        fn check(database: &str, expected: &str) {
            assert_eq!(kept_name(database, "20260102030405"), expected);
        }
        check("shop", "shop_before_20260102030405");
        check(&"é".repeat(40), &format!("{}_before_20260102030405", "é".repeat(20)));
    }
}

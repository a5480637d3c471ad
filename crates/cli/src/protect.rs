//! Never in production: a command for development runs only on a database that says it is one.

use xtask_db_engine::{Session, marker};

use crate::context::Context;
use crate::fault::{Fault, Why};

/// The marker of a database that may be thrown away.
pub(crate) const DEVELOPMENT: &str = "development";

impl Context {
    /// Refuses when the environment that was named is protected. Asked before any connection.
    pub(crate) fn refuse_protected(&self, command: &'static str) -> Result<(), Fault> {
        let project = self.project()?;
        if !project.protected() {
            return Ok(());
        }
        let name = project.environment.as_ref().map(|env| env.value.clone());
        let why = Why::Environment(name.unwrap_or_else(|| "default".to_owned()));
        Err(Fault::Protected { command, why })
    }

    /// Refuses unless the database is marked for development, or is empty. An environment that
    /// says `protected = false` stands for its own name.
    pub(crate) async fn refuse_production(
        &self,
        command: &'static str,
        session: &mut Session,
    ) -> Result<(), Fault> {
        self.refuse_protected(command)?;
        let found = marker(session).await?;
        let why = match found.environment {
            None if found.objects == 0 => return Ok(()),
            None => Why::Unmarked { objects: found.objects },
            Some(name) if name == DEVELOPMENT => return Ok(()),
            Some(name) => {
                let environment = self.project()?.environment.as_ref();
                if environment.is_some_and(|environment| environment.value == name) {
                    return Ok(());
                }
                Why::Marker(name)
            }
        };
        Err(Fault::Protected { command, why })
    }
}

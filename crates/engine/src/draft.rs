//! A difference on its way to migrations: tried on a shadow, read again, and required to be gone
//! before anybody writes a file.
//!
//! Invariant: what [`Draft::prove`] returns leads to the declared schema on a real server.

mod back;
mod rows;

use std::borrow::Cow;

use xtask_db_history::SqlFile;
use xtask_db_schema::{
    Catalog, Guess, HazardKind, Plan, PlanOptions, Rename, Step, migration_text,
};

use crate::{Error, Observer, Scope, Shadow};
use back::Batch;

/// What the file is called while it has no name.
const PLANNED: &str = "the planned migration";

/// A history on a shadow, and where it should lead. [`Draft::release`] is its only end.
pub struct Draft {
    shadow: Shadow,
    scope: Scope,
    from: Catalog,
    to: Catalog,
    /// Each as it was run, in order.
    renamed: Vec<Batch>,
    steps: Vec<Step>,
}

/// Migrations that lead from one catalog to the other, as they were tried.
#[derive(Debug, Clone)]
pub struct Proved {
    /// In order; several when the server needs a commit in between.
    pub parts: Vec<Part>,
    /// The catalog after the last one.
    pub catalog: Catalog,
}

/// One migration.
#[derive(Debug, Clone)]
pub struct Part {
    /// What it does.
    pub steps: Vec<Step>,
    /// `migration.sql`.
    pub up: String,
    /// `down.sql`, tried like it; else why there is none.
    pub down: Result<String, String>,
}

impl Draft {
    /// `shadow` has the catalog `from`.
    #[must_use]
    pub const fn new(shadow: Shadow, scope: Scope, from: Catalog, to: Catalog) -> Self {
        Self { shadow, scope, from, to, renamed: Vec::new(), steps: Vec::new() }
    }

    /// The catalog after the renames so far.
    #[must_use]
    pub fn now(&self) -> &Catalog {
        self.renamed.last().map_or(&self.from, |batch| &batch.after)
    }

    /// Where it should lead.
    #[must_use]
    pub const fn to(&self) -> &Catalog {
        &self.to
    }

    /// Renames that may be meant, best first.
    #[must_use]
    pub fn guesses(&self) -> Vec<Guess> {
        self.now().guesses(&self.to)
    }

    /// The statements of the renames so far.
    #[must_use]
    pub fn renames(&self) -> &[Step] {
        &self.steps
    }

    /// What was renamed so far.
    pub fn renamed(&self) -> impl Iterator<Item = &Rename> {
        self.renamed.iter().flat_map(|batch| &batch.renames)
    }

    /// Runs renames on the shadow and reads it again, since only the server knows every text that
    /// a rename changes.
    ///
    /// # Errors
    /// `Error::Schema` for a rename that fits neither catalog; `Error::PlanFails`.
    pub async fn rename(
        &mut self,
        renames: Vec<Rename>,
        observer: &mut dyn Observer,
    ) -> Result<(), Error> {
        let steps = self.now().rename(&renames)?;
        self.run(&migration_text(&steps), observer).await?;
        let after = self.shadow.catalog(&self.scope).await?;
        self.renamed.push(Batch { renames, after });
        self.steps.extend(steps);
        Ok(())
    }

    /// What leads to the end, the renames first.
    ///
    /// # Errors
    /// `Error::Schema`: a change that no statement makes.
    pub fn plan(&self, options: &PlanOptions) -> Result<Plan, Error> {
        let rest = self.now().plan(&self.to, options)?;
        let steps = self.steps.iter().cloned().chain(rest.steps).collect();
        Ok(Plan { steps })
    }

    /// Runs a plan of [`Self::plan`] on the shadow as the migrations that it will be, reads the
    /// shadow again, and goes all the way back.
    ///
    /// # Errors
    /// `Error::PlanFails`, `Error::PlanMisses`: the plan is wrong, and must not be written.
    pub async fn prove(
        &mut self,
        plan: &Plan,
        observer: &mut dyn Observer,
    ) -> Result<Proved, Error> {
        if plan.hazards(HazardKind::Unexecutable).next().is_some() {
            // Rows of the history itself: the plan is judged by what it makes, not by them.
            let now = self.now().clone();
            rows::clear(self.shadow.session(), &now).await?;
        }
        let parts: Vec<Vec<Step>> = plan.parts().into_iter().map(<[Step]>::to_vec).collect();
        let (mut catalogs, mut run) = (Vec::new(), 0);
        for part in &parts {
            // The renames have been run.
            let renames = self.steps.len().saturating_sub(run).min(part.len());
            run += part.len();
            self.run(&migration_text(&part[renames..]), observer).await?;
            catalogs.push(self.shadow.catalog(&self.scope).await?);
        }
        let catalog = catalogs.last().unwrap_or(self.now()).clone();
        let left = catalog.plan(&self.to, &PlanOptions::default())?;
        if !left.is_empty() {
            let planned = plan.script();
            return Err(Error::PlanMisses { planned, left: left.script() });
        }
        let downs = self.back(&parts, &catalogs, observer).await;
        let with_down = |(steps, down): (Vec<Step>, Result<String, String>)| Part {
            up: migration_text(&steps),
            steps,
            down,
        };
        Ok(Proved { parts: parts.into_iter().zip(downs).map(with_down).collect(), catalog })
    }

    /// Ends the shadow.
    pub async fn release(self, observer: &mut dyn Observer) {
        self.shadow.release(observer).await;
    }

    async fn run(&mut self, text: &str, observer: &mut dyn Observer) -> Result<(), Error> {
        run_planned(&mut self.shadow, text, observer).await
    }
}

/// Runs planned statements on a shadow.
pub(crate) async fn run_planned(
    shadow: &mut Shadow,
    text: &str,
    observer: &mut dyn Observer,
) -> Result<(), Error> {
    let text = Cow::Owned(text.to_owned());
    let file = SqlFile { path: Cow::Borrowed(PLANNED), text };
    match shadow.run(&file, observer).await {
        Ok(_) => Ok(()),
        Err(Error::Failed(failure)) => Err(Error::PlanFails(failure)),
        Err(error) => Err(error),
    }
}

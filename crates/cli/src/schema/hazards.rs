//! What a plan would do to the rows of the development database, and who answers for it.

use clap::Args;
use serde_json::{Value, json};
use xtask_db_engine::Counted;
use xtask_db_schema::{Catalog, HazardKind, RelationKind};

use crate::context::Context;
use crate::fault::Fault;

/// Answers to what a plan would do.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(crate) struct Accept {
    /// Rows and values may be lost, as shown
    #[arg(long)]
    pub(crate) accept_data_loss: bool,
    /// More than half of the tables may be dropped, or all of them
    #[arg(long)]
    pub(crate) allow_drop_all: bool,
}

/// Why a plan that drops nearly everything is stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DropAll {
    pub(crate) dropped: Vec<String>,
    pub(crate) tables: usize,
    /// The schema declares nothing at all.
    pub(crate) empty: bool,
}

impl Accept {
    /// An emptied schema file, or a wrong one, must not empty the database.
    pub(crate) fn drops(self, from: &Catalog, to: &Catalog, empty: bool) -> Result<(), Fault> {
        let tables = |catalog: &Catalog| -> Vec<String> {
            let relations = catalog.relations().into_iter();
            let tables = relations.filter(|relation| relation.kind == RelationKind::Table);
            tables
                .map(|table| {
                    table.schema.into_iter().chain([table.name]).collect::<Vec<_>>().join(".")
                })
                .collect()
        };
        let (before, after) = (tables(from), tables(to));
        let count = before.len();
        let dropped: Vec<String> =
            before.into_iter().filter(|name| !after.contains(name)).collect();
        let stop = !dropped.is_empty() && (empty || dropped.len() * 2 > count);
        if stop && !self.allow_drop_all {
            return Err(Fault::DropAll(DropAll { dropped, tables: count, empty }));
        }
        Ok(())
    }

    /// Rows that would be lost are asked for; what would fail on rows that are there is refused.
    /// What touches nothing here is silent: the file warns of it all the same.
    pub(crate) fn rows(self, context: &Context, counted: &[Counted]) -> Result<(), Fault> {
        let of = |kind| -> Vec<Counted> {
            let these = counted.iter().filter(|one| one.hazard.kind == kind && one.matters());
            these.cloned().collect()
        };
        let fails = of(HazardKind::Unexecutable);
        if !fails.is_empty() {
            return Err(Fault::Unexecutable(fails));
        }
        let lost = of(HazardKind::DataLoss);
        if lost.is_empty() || self.accept_data_loss {
            return Ok(());
        }
        if !context.interactive {
            return Err(Fault::DataLoss(lost));
        }
        for one in &lost {
            context.output.say(format!("  {}", told(one)));
        }
        context.confirm("Lose this?", false, "--accept-data-loss")
    }
}

/// The hazard, and how many rows of the database it touches.
pub(crate) fn told(counted: &Counted) -> String {
    let text = counted.hazard.sentence();
    match counted.rows {
        Some(1) => format!("{text} (1 row in your database)"),
        Some(rows) => format!("{text} ({rows} rows in your database)"),
        None => format!("{text} (how many rows is not known)"),
    }
}

/// For programs.
pub(crate) fn json_counted(counted: &[Counted]) -> Value {
    let of = |one: &Counted| {
        json!({
            "kind": one.hazard.kind, "object": one.hazard.object, "text": one.hazard.text,
            "rows": one.rows,
        })
    };
    counted.iter().map(of).collect()
}

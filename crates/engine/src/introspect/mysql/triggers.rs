//! Triggers.

use std::collections::BTreeMap;

use xtask_db_schema::mysql::{Catalog, Trigger};

use super::catalog::name;
use super::printed::{Printed, rows};
use crate::{Error, Session};

/// In the order in which they run.
const TRIGGERS: &str = "SELECT TRIGGER_NAME, EVENT_OBJECT_TABLE, ACTION_TIMING, \
     EVENT_MANIPULATION, ACTION_STATEMENT, DEFINER = CURRENT_USER(), DEFINER, SQL_MODE \
     FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() \
     ORDER BY EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER";

/// Reads them. One for several events at once is not in the model.
pub(super) async fn read(
    session: &mut Session,
    printed: &Printed,
    catalog: &mut Catalog,
) -> Result<(), Error> {
    let rows: Vec<[String; 8]> = rows(session, TRIGGERS).await?;
    let mut events: BTreeMap<String, usize> = BTreeMap::new();
    for [trigger, ..] in &rows {
        *events.entry(trigger.clone()).or_default() += 1;
    }
    for [trigger, table, timing, event, body, own, definer, mode] in rows {
        if printed.keep.keeps(&trigger) || printed.keep.keeps(&table) {
            continue;
        }
        if events.get(&trigger).is_some_and(|count| *count > 1) {
            name(catalog, "trigger of several events", &trigger);
            continue;
        }
        if own != "1" {
            name(catalog, "definer of trigger", &format!("{trigger} ({definer})"));
        }
        if mode != printed.sql_mode {
            name(catalog, "sql_mode of trigger", &format!("{trigger} ({mode})"));
        }
        catalog.triggers.push(Trigger { name: trigger, table, timing, event, body });
    }
    Ok(())
}

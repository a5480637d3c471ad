//! Procedures, functions and events.

use xtask_db_schema::mysql::{Catalog, Event, Routine, RoutineKind};

use super::catalog::name;
use super::printed::{Printed, rows, show_create};
use crate::{Error, Session};

const ROUTINES: &str = "SELECT ROUTINE_NAME, ROUTINE_TYPE, DEFINER = CURRENT_USER(), DEFINER, \
     SQL_MODE FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() \
     ORDER BY ROUTINE_TYPE, ROUTINE_NAME";
/// A start that nobody gave is the second of the creation. One that runs once, at a time counted
/// from its creation, has no text that two databases would share.
const EVENTS: &str = "SELECT EVENT_NAME, EVENT_TYPE, IF(STARTS = CREATED, STARTS, NULL), \
     DEFINER = CURRENT_USER(), DEFINER, SQL_MODE FROM information_schema.EVENTS \
     WHERE EVENT_SCHEMA = DATABASE() ORDER BY EVENT_NAME";

/// Reads all.
pub(super) async fn read(
    session: &mut Session,
    printed: &Printed,
    catalog: &mut Catalog,
) -> Result<(), Error> {
    let (mut functions, mut procedures) = (Vec::new(), Vec::new());
    for [routine, kind, own, definer, mode] in rows(session, ROUTINES).await? {
        if printed.keep.keeps(&routine) {
            continue;
        }
        let lower = kind.to_lowercase();
        match kind.as_str() {
            "FUNCTION" => functions.push(routine.clone()),
            "PROCEDURE" => procedures.push(routine.clone()),
            _ => {
                name(catalog, &lower, &routine);
                continue;
            }
        }
        told(printed, catalog, &lower, &routine, [&own, &definer, &mode]);
    }
    let kinds = [
        (RoutineKind::Function, "FUNCTION", functions),
        (RoutineKind::Procedure, "PROCEDURE", procedures),
    ];
    for (kind, word, names) in kinds {
        let texts = show_create(session, word, &names, 2).await?;
        for (routine, text) in names.iter().zip(texts) {
            match Routine::read(kind, &text.unwrap_or_default(), printed.server) {
                Ok(routine) => catalog.routines.push(routine),
                Err(_) => name(catalog, &word.to_lowercase(), routine),
            }
        }
    }
    events(session, printed, catalog).await
}

async fn events(
    session: &mut Session,
    printed: &Printed,
    catalog: &mut Catalog,
) -> Result<(), Error> {
    let mut found = Vec::new();
    for [event, kind, created, own, definer, mode] in rows(session, EVENTS).await? {
        if printed.keep.keeps(&event) {
            continue;
        }
        if kind != "RECURRING" {
            name(catalog, "event that runs once", &event);
            continue;
        }
        told(printed, catalog, "event", &event, [&own, &definer, &mode]);
        found.push((event, created));
    }
    let names: Vec<String> = found.iter().map(|(event, _)| event.clone()).collect();
    let texts = show_create(session, "EVENT", &names, 3).await?;
    for ((event, created), text) in found.iter().zip(texts) {
        let created = Some(created.as_str()).filter(|created| !created.is_empty());
        match Event::read(&text.unwrap_or_default(), created, printed.server) {
            Ok(event) => catalog.events.push(event),
            Err(_) => name(catalog, "event", event),
        }
    }
    Ok(())
}

/// A definer and a mode that are not the session's own are kept by the server and not compared.
fn told(
    printed: &Printed,
    catalog: &mut Catalog,
    kind: &str,
    object: &str,
    [own, definer, mode]: [&String; 3],
) {
    if own != "1" {
        name(catalog, &format!("definer of {kind}"), &format!("{object} ({definer})"));
    }
    if *mode != printed.sql_mode {
        name(catalog, &format!("sql_mode of {kind}"), &format!("{object} ({mode})"));
    }
}

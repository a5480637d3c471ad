//! Views.

use super::matched::matched;
use super::whole::steps;
use crate::mysql::{Catalog, Server, View, write};
use crate::{Graph, Step};

/// Drops the views that are gone. Nothing needs a view to be there.
pub(super) fn dropped(from: &Catalog, to: &Catalog) -> Vec<Step> {
    let gone = matched(&from.views, &to.views, |view| &view.name).gone;
    steps(gone.iter().map(|view| format!("DROP VIEW {}", write::name(&view.name))))
}

/// Creates the views that are new and replaces those that change, which keeps their rights; each
/// after the views that it names.
pub(super) fn made(from: &Catalog, to: &Catalog, server: Server) -> Vec<Step> {
    let views = matched(&from.views, &to.views, |view| &view.name);
    let mut graph = Graph::default();
    to.views.iter().for_each(|view| graph.node(view.name.clone()));
    for view in &to.views {
        for needed in &view.needs {
            graph.edge(&view.name, needed.clone());
        }
    }
    let order = graph.order().unwrap_or_else(|cycle| cycle.0);
    let find = |name: &String| to.views.iter().find(|view| view.name == *name);
    let differs = |view: &&View| {
        let old = views.both.iter().find(|(_, new)| new.name == view.name).map(|(old, _)| *old);
        old.is_none_or(|old| !old.same(view))
    };
    let text = |view: &View| {
        let replaces = from.views.iter().any(|old| old.name == view.name);
        write::create_view(view, replaces, server)
    };
    steps(order.iter().filter_map(find).filter(differs).map(text))
}

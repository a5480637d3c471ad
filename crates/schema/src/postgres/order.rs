//! The order of the statements: each after what it needs.

use std::collections::{BTreeMap, BTreeSet};

use super::absorb::{End, home};
use super::change::{Change, Site};
use super::decide::{Act, Acts};
use super::{Object, claims, comment, grant, kind, mentions, rules, types};
use crate::{Cycle, Graph, Run, Step};

/// What is done to an object at a point of the plan. What is free to come at any time comes in this
/// order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// It is dropped.
    Drop,
    /// It is given another name, to be dropped later.
    PutAside,
    /// It is changed or made.
    Make,
}

/// A part of what is done to an object. Its parts run one after another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Node {
    pub(super) object: Object,
    pub(super) stage: Stage,
    part: usize,
}

/// The statements in order.
///
/// # Errors
/// Objects that need each other.
pub(super) fn order(site: &Site<'_>, acts: &Acts) -> Result<Vec<Step>, Cycle<Object>> {
    let mut order = Order { site, acts, chunks: BTreeMap::new(), places: BTreeMap::new() };
    order.gather();
    let graph = order.graph();
    let rank = |node: &Node| order.rank(node);
    let sorted = graph.order_by(rank).map_err(|Cycle(nodes)| {
        let objects: BTreeSet<Object> = nodes.into_iter().map(|node| node.object).collect();
        Cycle(objects.into_iter().collect())
    })?;
    Ok(sorted.iter().flat_map(|node| order.steps(node)).cloned().collect())
}

struct Order<'a, 'b> {
    site: &'a Site<'b>,
    acts: &'a Acts,
    /// The statements of each object at each stage, cut where they run differently.
    chunks: BTreeMap<(Object, Stage), Vec<Vec<Step>>>,
    /// The place of each object in its catalog.
    places: BTreeMap<Object, usize>,
}

impl Order<'_, '_> {
    fn gather(&mut self) {
        let all =
            kind::objects(self.site.from).into_iter().rev().chain(kind::objects(self.site.to));
        for (place, object) in all.enumerate() {
            self.places.insert(object, place);
        }
        let mut objects: Vec<&Object> = self.acts.keys().collect();
        objects.sort_by_key(|object| self.places.get(object));
        for object in objects {
            self.gather_one(object, self.acts[object]);
        }
    }

    fn gather_one(&mut self, object: &Object, act: Act) {
        if act.drops() {
            let own = home(self.site, self.acts, End::From, object) == *object;
            let steps = if own { kind::drop(self.site, object) } else { Vec::new() };
            self.add(object, Stage::Drop, steps, own);
        }
        if act == Act::Replace
            && let Object::Type(name) = object
        {
            self.add(object, Stage::PutAside, types::put_aside(self.site, name), true);
        }
        if act.makes() {
            let at = home(self.site, self.acts, End::To, object);
            let own = at == *object;
            let mut steps = if own { kind::create(self.site, object) } else { Vec::new() };
            steps.extend(comment::create(self.site, object));
            if act != Act::Create {
                steps.extend(grant::restore(self.site, object));
            }
            self.add(&at, Stage::Make, steps, own);
        } else if !act.drops() {
            let mut steps = match kind::change(self.site, object) {
                Change::Alter(steps) | Change::Disturb(steps) => steps,
                _ => Vec::new(),
            };
            steps.extend(comment::change(self.site, object));
            self.add(object, Stage::Make, steps, true);
        }
    }

    /// Those of an object that comes with another follow the other's own.
    fn add(&mut self, object: &Object, stage: Stage, steps: Vec<Step>, own: bool) {
        let chunks = self.chunks.entry((object.clone(), stage)).or_default();
        if own {
            let mut cut = Vec::new();
            for one in steps.chunk_by(|a, b| a.run == b.run && b.run != Run::Later) {
                cut.push(one.to_vec());
            }
            if let Some(last) = cut.last_mut() {
                // What was added for others before.
                last.extend(chunks.drain(..).flatten());
            }
            chunks.splice(0..0, cut);
        } else if let Some(last) = chunks.last_mut() {
            last.extend(steps);
        } else {
            chunks.push(steps);
        }
    }

    fn steps(&self, node: &Node) -> impl Iterator<Item = &Step> {
        let chunks = self.chunks.get(&(node.object.clone(), node.stage));
        chunks.and_then(|chunks| chunks.get(node.part)).into_iter().flatten()
    }

    /// What runs without a transaction comes late, and what has to wait for a commit last: each
    /// change between the kinds is a migration more.
    fn rank(&self, node: &Node) -> (u8, Stage, Option<usize>, usize) {
        let run = self.steps(node).map(|step| step.run).next().unwrap_or_default();
        let run = match run {
            Run::Together => 0,
            Run::Alone => 1,
            Run::Later => 2,
        };
        (run, node.stage, self.places.get(&node.object).copied(), node.part)
    }

    fn graph(&self) -> Graph<Node> {
        let mut graph = Graph::default();
        for ((object, stage), chunks) in &self.chunks {
            for part in 0..chunks.len().max(1) {
                let node = Node { object: object.clone(), stage: *stage, part };
                graph.node(node.clone());
                if part > 0 {
                    graph.edge(&node, Node { part: part - 1, ..node.clone() });
                }
            }
        }
        for object in self.acts.keys() {
            self.edges(&mut graph, object);
        }
        for (later, earlier) in claims::collisions(self.site, self.acts) {
            self.after(&mut graph, later, earlier);
        }
        for (later, earlier) in rules::extra(self.site, self.acts) {
            self.after(&mut graph, later, earlier);
        }
        for (later, earlier) in mentions::after(self.site, self.acts) {
            if let (Some(later), Some(earlier)) =
                (self.node(later, false), self.node(earlier, true))
            {
                graph.wish(&later, earlier);
            }
        }
        graph
    }

    fn edges(&self, graph: &mut Graph<Node>, object: &Object) {
        use Stage::{Drop, Make, PutAside};
        let act = self.acts[object];
        let remade = act.makes() && act.drops();
        if remade && act != Act::Replace {
            self.after(graph, (object, Make), (object, Drop));
        }
        if act == Act::Replace {
            self.after(graph, (object, Make), (object, PutAside));
            self.after(graph, (object, Drop), (object, Make));
        }
        for needed in self.site.from.needs(object) {
            if act.drops() {
                self.after(graph, (needed, Drop), (object, Drop));
                if self.acts.get(needed).is_some_and(|act| !act.makes()) {
                    self.after(graph, (needed, Make), (object, Drop));
                }
            } else {
                self.after(graph, (needed, Drop), (object, Make));
            }
        }
        if act == Act::Drop {
            return;
        }
        if let Some(parent) = self.site.to.parent(object) {
            self.after(graph, (object, Make), (&parent, Make));
        }
        for needed in self.site.to.needs(object) {
            if !rules::is_whole(self.site, object, needed) {
                self.after(graph, (object, Make), (needed, Make));
            }
        }
    }

    /// `later` comes after `earlier`, wherever the statements of the two are.
    fn after(&self, graph: &mut Graph<Node>, later: (&Object, Stage), earlier: (&Object, Stage)) {
        let (Some(later), Some(earlier)) = (self.node(later, false), self.node(earlier, true))
        else {
            return;
        };
        if later.object != earlier.object || later.stage != earlier.stage {
            graph.edge(&later, earlier);
        }
    }

    fn node(&self, (object, stage): (&Object, Stage), last: bool) -> Option<Node> {
        let end = if stage == Stage::Drop { End::From } else { End::To };
        let object = home(self.site, self.acts, end, object);
        let chunks = self.chunks.get(&(object.clone(), stage))?;
        let part = if last { chunks.len().saturating_sub(1) } else { 0 };
        Some(Node { object, stage, part })
    }
}

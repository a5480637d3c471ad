//! Orders things by what they need, ties by the order they were added in.

use std::collections::{BTreeMap, BTreeSet};

/// Nodes and what each of them needs first.
#[derive(Debug, Clone)]
pub struct Graph<K> {
    nodes: Vec<K>,
    needs: BTreeMap<K, BTreeSet<K>>,
}

/// Nodes that need each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cycle<K>(pub Vec<K>);

impl<K> Default for Graph<K> {
    fn default() -> Self {
        Self { nodes: Vec::new(), needs: BTreeMap::new() }
    }
}

impl<K: Ord + Clone> Graph<K> {
    /// Adds a node; one that is there stays where it is.
    pub fn node(&mut self, key: K) {
        if !self.needs.contains_key(&key) {
            self.needs.insert(key.clone(), BTreeSet::new());
            self.nodes.push(key);
        }
    }

    /// `key` comes after `needed`. An edge to what is no node counts for nothing.
    pub fn edge(&mut self, key: &K, needed: K) {
        if *key != needed
            && let Some(needs) = self.needs.get_mut(key)
        {
            needs.insert(needed);
        }
    }

    /// Every node once, what it needs before it.
    ///
    /// # Errors
    /// The nodes of a cycle, and what waits for them.
    pub fn order(&self) -> Result<Vec<K>, Cycle<K>> {
        let mut done: BTreeSet<&K> = BTreeSet::new();
        let mut order = Vec::with_capacity(self.nodes.len());
        let mut open: Vec<&K> = self.nodes.iter().collect();
        while !open.is_empty() {
            let before = order.len();
            let mut waiting = Vec::new();
            for key in open {
                let free = |needed: &K| done.contains(needed) || !self.needs.contains_key(needed);
                if self.needs[key].iter().all(free) {
                    done.insert(key);
                    order.push(key.clone());
                } else {
                    waiting.push(key);
                }
            }
            if order.len() == before {
                return Err(Cycle(waiting.into_iter().cloned().collect()));
            }
            open = waiting;
        }
        Ok(order)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(edges: &str, expected: &str) {
        let mut graph = Graph::default();
        for edge in edges.split_whitespace() {
            let (key, needs) = edge.split_once(':').unwrap_or((edge, ""));
            graph.node(key);
            for needed in needs.split(',').filter(|name| !name.is_empty()) {
                graph.edge(&key, needed);
            }
        }
        let shown = match graph.order() {
            Ok(order) => order.join(" "),
            Err(Cycle(keys)) => format!("cycle {}", keys.join(" ")),
        };
        assert_eq!(shown, expected, "{edges}");
    }

    #[test]
    fn what_is_needed_comes_first() {
        check("a b c", "a b c");
        check("a:c b c", "b c a");
        check("view:table table:type type", "type table view");
        check("a:elsewhere", "a");
        check("a:a", "a");
        check("a:b b:a c d:b", "cycle a b d");
    }
}

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
    /// Every node once, what it needs before it; of those that are free the lowest rank first.
    ///
    /// # Errors
    /// The nodes of a cycle, and what waits for them.
    pub fn order_by<R: Ord>(&self, rank: impl Fn(&K) -> R) -> Result<Vec<K>, Cycle<K>> {
        let there = |needed: &&K| self.needs.contains_key(*needed);
        let mut missing: BTreeMap<&K, usize> = BTreeMap::new();
        let mut followers: BTreeMap<&K, Vec<&K>> = BTreeMap::new();
        let mut free = BTreeSet::new();
        for (at, key) in self.nodes.iter().enumerate() {
            let needs: Vec<&K> = self.needs[key].iter().filter(there).collect();
            missing.insert(key, needs.len());
            if needs.is_empty() {
                free.insert((rank(key), at, key));
            }
            for needed in needs {
                followers.entry(needed).or_default().push(key);
            }
        }
        let places: BTreeMap<&K, usize> =
            self.nodes.iter().enumerate().map(|(at, key)| (key, at)).collect();
        let mut order = Vec::with_capacity(self.nodes.len());
        while let Some((_, _, key)) = free.pop_first() {
            missing.remove(key);
            order.push(key.clone());
            for follower in followers.remove(key).unwrap_or_default() {
                let Some(left) = missing.get_mut(follower) else { continue };
                *left -= 1;
                if *left == 0 {
                    free.insert((rank(follower), places[follower], follower));
                }
            }
        }
        match missing.is_empty() {
            true => Ok(order),
            false => Err(Cycle(missing.into_keys().cloned().collect())),
        }
    }

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

    /// `key` comes after `needed`, unless that needs `key`.
    pub fn wish(&mut self, key: &K, needed: K) {
        let mut open = vec![&needed];
        let mut seen = BTreeSet::new();
        while let Some(one) = open.pop() {
            if one == key {
                return;
            }
            if seen.insert(one) {
                open.extend(self.needs.get(one).into_iter().flatten());
            }
        }
        self.edge(key, needed);
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
    fn a_wish_closes_no_cycle() {
        let mut graph = Graph::default();
        ["a", "b", "c"].into_iter().for_each(|key| graph.node(key));
        graph.wish(&"a", "c");
        graph.wish(&"c", "b");
        graph.wish(&"b", "a");
        assert_eq!(graph.order(), Ok(vec!["b", "c", "a"]));
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

//! Objects in an order in which each comes after what it needs.

use schema::{Map, Name};
use std::sync::Arc;

/// The order of the map as far as it can stay; what needs each other in a circle keeps it.
pub(crate) fn by_dependency<T>(items: &Map<Name, Arc<T>>, needs: impl Fn(&T) -> Vec<Name>) -> Vec<&T> {
    let mut walk = Walk { is_entered: vec![false; items.len()], order: Vec::with_capacity(items.len()) };
    let needs: Vec<Vec<usize>> =
        items.values().map(|item| needs(item).iter().filter_map(|name| items.get_index_of(name)).collect()).collect();
    for start in 0..items.len() {
        walk.from(start, &needs);
    }
    walk.order.iter().filter_map(|at| items.get_index(*at)).map(|(_, item)| &**item).collect()
}

struct Walk {
    is_entered: Vec<bool>,
    order: Vec<usize>,
}

impl Walk {
    /// Depth first without recursion: a chain of views may be long.
    fn from(&mut self, start: usize, needs: &[Vec<usize>]) {
        let mut open: Vec<(usize, usize)> = Vec::new();
        self.enter(start, &mut open);
        while let Some((at, next)) = open.last_mut() {
            let need = needs.get(*at).and_then(|it| it.get(*next)).copied();
            *next += 1;
            match need {
                Some(need) => self.enter(need, &mut open),
                None => {
                    self.order.push(*at);
                    open.pop();
                }
            }
        }
    }

    fn enter(&mut self, at: usize, open: &mut Vec<(usize, usize)>) {
        if let Some(is_entered) = self.is_entered.get_mut(at).filter(|is_entered| !**is_entered) {
            *is_entered = true;
            open.push((at, 0));
        }
    }
}

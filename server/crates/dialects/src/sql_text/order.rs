//! Objects in an order in which each comes after what it needs.

/// The places of items in an order in which each comes after those it needs. Their order as far as it can stay; what needs each other in a
/// circle keeps it.
pub(crate) fn in_order(needs: &[Vec<usize>]) -> Vec<usize> {
    let mut walk = Walk { is_entered: vec![false; needs.len()], order: Vec::with_capacity(needs.len()) };
    for start in 0..needs.len() {
        walk.from(start, needs);
    }
    walk.order
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

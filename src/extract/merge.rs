//! When two drafts tell the same deal.

use super::events::Draft;
use crate::schema::{Money, Role};

/// Two drafts of one type are one deal when the parties of the one all stand in the other in the same role, and no
/// term contradicts: a second deal of the same parties has another price, stake or stage of life.
pub(super) fn mergeable(a: &Draft, b: &Draft) -> bool {
    a.deal_type == b.deal_type && contains_parties(a, b) && !contradict(a, b)
}

fn contains_parties(a: &Draft, b: &Draft) -> bool {
    let core = |d: &Draft| -> Vec<(usize, Role)> {
        d.participants.iter().filter(|p| p.1 != Role::Advisor).map(|p| (p.0, p.1)).collect()
    };
    let (a, b) = (core(a), core(b));
    let (small, large) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    // One shared party alone is thin when the other draft has several: an active buyer has many deals.
    let enough = small.len() >= 2 || large.len() == 1;
    enough && small.iter().all(|p| large.contains(p))
}

fn contradict(a: &Draft, b: &Draft) -> bool {
    let sums = |x: Option<Money>, y: Option<Money>| matches!((x, y), (Some(x), Some(y)) if (x.min, x.max) != (y.min, y.max));
    let value = |d: &Draft| d.terms.value.as_ref().map(|t| t.value);
    let stake = |d: &Draft| d.terms.stake_percent.as_ref().map(|t| t.value);
    sums(value(a), value(b))
        || matches!((stake(a), stake(b)), (Some(x), Some(y)) if x != y)
        || a.salience != b.salience && a.stage != b.stage
}

//! Looking through the clues of a date.

use super::clues::{Clue, Placed};
use crate::normalize::calendar::{Term, Turn};

/// Where the first clue of a kind is.
pub(super) fn position(clues: &[Placed], wanted: impl Fn(Clue) -> bool) -> Option<usize> {
    clues.iter().position(|placed| wanted(placed.clue))
}

/// What the first fitting word of the calendar says.
pub(super) fn find<T>(clues: &[Placed], pick: impl Fn(Term) -> Option<T>) -> Option<T> {
    clues.iter().find_map(|placed| if let Clue::Term(term) = placed.clue { pick(term) } else { None })
}

/// Whether a word of the calendar is there.
pub(super) fn has(clues: &[Placed], term: Term) -> bool {
    clues.iter().any(|placed| placed.clue == Clue::Term(term))
}

/// The first "last", "this" or "next".
pub(super) fn turn_in(clues: &[Placed]) -> Option<Turn> {
    find(clues, |term| if let Term::Turn(turn) = term { Some(turn) } else { None })
}

/// The "last", "this" or "next" that belongs to the unit at `at`: the nearest, at most two away.
pub(super) fn turn_beside(clues: &[Placed], at: usize) -> Option<Turn> {
    let near = [at.checked_sub(1), at.checked_add(1), at.checked_sub(2), at.checked_add(2)];
    near.into_iter().flatten().find_map(|i| match clues.get(i)?.clue {
        Clue::Term(Term::Turn(turn)) => Some(turn),
        _ => None,
    })
}

/// How many units away it is.
pub(super) fn shift_of(turn: Turn) -> i32 {
    match turn {
        Turn::Previous => -1,
        Turn::This => 0,
        Turn::Next => 1,
    }
}

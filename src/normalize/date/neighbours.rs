//! The words beside a span that belong to its date all the same.

use super::clues::{Clue, Placed, Written, clues, term_before};
use crate::normalize::calendar::{Calendar, Term, TurnPlace, Unit};
use crate::normalize::folded::{Kind, Word};
use crate::schema::Lang;

/// Between a day and its month: "12 de marzo", "the first of March".
const OF: [&str; 5] = ["de", "del", "di", "d", "of"];

/// How far a date may reach beyond its span.
const REACH: usize = 6;

/// The words on either side that complete the date of the span, as far as they go.
pub(super) fn adjacent<'w, 't>(
    calendar: &Calendar,
    lang: Lang,
    left: &'w [Word<'t>],
    inside: &[Word<'_>],
    right: &'w [Word<'t>],
) -> (&'w [Word<'t>], &'w [Word<'t>]) {
    let own = clues(inside, calendar, lang);
    let start = start_of_left(calendar, lang, left, &own);
    let count = count_of_right(calendar, lang, right, &own);
    (&left[start..], &right[..count])
}

fn has(clues: &[Placed], wanted: impl Fn(Clue) -> bool) -> bool {
    clues.iter().any(|placed| wanted(placed.clue))
}

fn is_month(clue: Clue) -> bool {
    matches!(clue, Clue::Term(Term::Month(_)) | Clue::PartOfMonth(_))
}

fn is_year(clue: Clue) -> bool {
    matches!(clue, Clue::Year(_) | Clue::Years(..) | Clue::Numeric(_))
}

/// What alone is enough of a date to hang the rest on.
fn is_anchor(clue: Clue) -> bool {
    let anchor = |term| {
        matches!(
            term,
            Term::Month(_)
                | Term::Weekday(_)
                | Term::Days(_)
                | Term::Feast(..)
                | Term::Season(_)
                | Term::Unit(_)
                | Term::Shifted(..)
                | Term::Nth(..)
                | Term::EdgeOf(..)
        )
    };
    is_year(clue) || is_month(clue) || matches!(clue, Clue::Term(term) if anchor(term))
}

fn start_of_left(calendar: &Calendar, lang: Lang, left: &[Word<'_>], own: &[Placed]) -> usize {
    let end = left.len();
    let Some(first) = own.first().map(|placed| placed.clue) else {
        return end;
    };
    if let Some(at) = ago_before(calendar, lang, left, own) {
        return at;
    }
    let base = end.saturating_sub(REACH);
    let near = clues(&left[base..], calendar, lang);
    let has_ago = has(own, |c| c == Clue::Term(Term::Ago));
    let has_month = has(own, is_month);
    // "Giovedì [scorso]", "Tuesday [night]": the span holds only what follows the date.
    let trails = !has(own, is_anchor)
        && (own.len() == 1 || matches!(first, Clue::Term(Term::Turn(_))))
        && matches!(first, Clue::Term(Term::Turn(_)) | Clue::Other);
    let opening = first;
    let mut head = own.iter().map(|p| p.clue).find(|c| *c != Clue::Term(Term::Link)).unwrap_or(first);
    let mut linked = opening == Clue::Term(Term::Link);
    let (mut start, mut of) = (end, linked);
    for placed in near.iter().rev() {
        let joins = match placed.clue {
            Clue::Day(..) | Clue::Term(Term::Ordinal(_)) if linked && !of => false,
            // "Two [years ago]"
            Clue::Day(..) | Clue::Term(Term::Ordinal(_)) => {
                is_month(head) || has_ago && matches!(head, Clue::Term(Term::Units(_)))
            }
            Clue::Term(Term::Month(_)) => {
                let of_year = linked
                    && !has_month
                    && matches!(head, Clue::Term(Term::Turn(_) | Term::Unit(Unit::Year)));
                let before_day = calendar.month_first && matches!(head, Clue::Day(..));
                matches!(head, Clue::Year(_)) || of_year || before_day || trails && start == end
            }
            clue if trails && start == end && is_anchor(clue) => true,
            // "Lunedì [19]"
            Clue::Term(Term::Weekday(_)) => matches!(first, Clue::Day(_, Written::Digits)) && start == end,
            Clue::Term(Term::Turn(_)) => {
                matches!(
                    head,
                    Clue::Term(Term::Month(_) | Term::Weekday(_) | Term::Season(_) | Term::Unit(_))
                        | Clue::Day(..)
                )
            }
            Clue::Term(Term::Edge(_) | Term::Within) => matches!(head, Clue::Term(Term::Unit(_))),
            Clue::Term(Term::Backdated | Term::Until) => true,
            // A bridge to what stands before it, kept when that joins. A number needs an "of".
            Clue::Term(Term::Link) => {
                of |= OF.contains(&left[base + placed.at].folded.as_str());
                linked = true;
                continue;
            }
            _ => false,
        };
        if !joins {
            break;
        }
        start = base + placed.at;
        head = placed.clue;
        (linked, of) = (false, false);
    }
    start
}

/// "Vor [zwei Jahren]", "hace [dos años]", "da [due anni]". English "for" is too common to trust.
fn ago_before(calendar: &Calendar, lang: Lang, left: &[Word<'_>], own: &[Placed]) -> Option<usize> {
    let counted = has(own, |c| matches!(c, Clue::Term(Term::Unit(_) | Term::Units(_))));
    let told = |c| matches!(c, Clue::Term(Term::Turn(_) | Term::Ago | Term::Ahead | Term::Since));
    if !counted || has(own, told) {
        return None;
    }
    let words: &[Term] = match lang {
        Lang::En => &[],
        Lang::It => &[Term::Since],
        Lang::Fr | Lang::De | Lang::Es => &[Term::Ago, Term::Since],
    };
    words.iter().find_map(|term| term_before(left, left.len(), calendar, *term))
}

fn count_of_right(calendar: &Calendar, lang: Lang, right: &[Word<'_>], own: &[Placed]) -> usize {
    let Some(last) = own.last().map(|placed| placed.clue).filter(|_| !has(own, is_year)) else {
        return 0;
    };
    let near = &right[..right.len().min(REACH)];
    let found = clues(near, calendar, lang);
    let has_month = has(own, is_month);
    let has_unit = has(own, |c| matches!(c, Clue::Term(Term::Unit(_) | Term::Units(_))));
    let turned = has(own, |c| matches!(c, Clue::Term(Term::Turn(_))));
    let open = matches!(last, Clue::Day(..) | Clue::Term(Term::Link | Term::Ordinal(_) | Term::Edge(_)));
    // "[Entro] gennaio", "[nel secondo] trimestre": the span holds only what leads to the date.
    let leads = !has(own, is_anchor) && matches!(last, Clue::Term(_));
    let counts = matches!(last, Clue::Day(..))
        && has(own, |c| matches!(c, Clue::Term(Term::Ago | Term::Ahead | Term::Since)));
    let takes_year = matches!(last, Clue::Term(Term::Link))
        || has(own, |c| {
            matches!(c, Clue::Term(Term::Season(_) | Term::Ordinal(_) | Term::Edge(_) | Term::Nth(..)))
                || matches!(c, Clue::Term(Term::Unit(Unit::Quarter | Unit::Half)))
        });
    let (mut kept, mut month_seen) = (0, has_month);
    for (i, placed) in found.iter().enumerate() {
        let end = found.get(i + 1).map_or(near.len(), |next| next.at);
        let next = found.get(i + 1);
        let before_year = next.is_some_and(|next| matches!(next.clue, Clue::Year(_)));
        let before_unit =
            next.is_some_and(|n| matches!(n.clue, Clue::Term(Term::Unit(Unit::Year | Unit::Week))));
        let joins = match placed.clue {
            clue if leads && kept == 0 && is_anchor(clue) => {
                month_seen |= is_month(clue);
                Some(true)
            }
            Clue::Term(Term::Ordinal(_) | Term::Turn(_) | Term::Edge(_)) if leads && kept == 0 => None,
            Clue::Term(Term::Link) => None,
            // "July 1, 2025"
            Clue::Other if calendar.month_first && near[placed.at].is(',') && month_seen && before_year => {
                None
            }
            Clue::Year(_) | Clue::Years(..) => Some(month_seen || takes_year),
            Clue::Term(Term::Month(_)) => {
                month_seen |= open;
                Some(open)
            }
            Clue::Day(_, Written::Digits | Written::Order) => {
                let bare = own.iter().all(|p| is_month(p.clue) || p.clue == Clue::Term(Term::Link));
                // "March 3, 2019", but not "March 30 workers".
                let ends = next.is_none_or(|n| n.clue != Clue::Other || near[n.at].kind == Kind::Symbol);
                Some(calendar.month_first && bare && has_month && i == 0 && ends)
            }
            Clue::Term(Term::Turn(_)) if turned => Some(false),
            Clue::Term(Term::Turn(_)) if before_unit => None,
            Clue::Term(Term::Turn(_)) => Some(calendar.turn_place == TurnPlace::Either),
            Clue::Term(Term::Unit(Unit::Year | Unit::Week)) => {
                Some(i > 0 || matches!(last, Clue::Term(Term::Turn(_))))
            }
            Clue::Term(Term::Units(_)) => Some(counts && i == 0),
            Clue::Term(Term::Ago) => Some(has_unit),
            _ => Some(false),
        };
        match joins {
            Some(true) => kept = end,
            Some(false) => break,
            None => {}
        }
    }
    kept
}

//! Dates told by units and their parts: "il mese scorso", "fra due anni", "nel terzo trimestre".

use jiff::ToSpan;
use jiff::civil::Date;

use super::Direction;
use super::clues::{Clue, Placed, Written};
use super::look::{find, has, position, shift_of, turn_beside, turn_in};
use super::nearest::{days_around, nearest, parts_of_year, seasons};
use super::reader::Reader;
use crate::normalize::calendar::{Edge, Term, Unit};
use crate::normalize::duration::period_within;
use crate::normalize::folded::Word;
use crate::schema::{PartialDate, Period};

impl Reader {
    /// "Il mese scorso", "two weeks ago", "fra tre mesi".
    pub(super) fn unit_counted(&self, words: &[Word<'_>], clues: &[Placed]) -> Option<PartialDate> {
        let shifted = find(clues, |t| if let Term::Shifted(unit, by) = t { Some((unit, by)) } else { None });
        let turned = clues.iter().enumerate().find_map(|(at, placed)| match placed.clue {
            Clue::Term(Term::Unit(unit @ (Unit::Week | Unit::Month | Unit::Quarter | Unit::Half))) => {
                let turn = turn_beside(clues, at)?;
                // "First half of next ..." counts within its year, not from this half.
                Some((unit, shift_of(turn)))
            }
            _ => None,
        });
        if let Some((unit, by)) = shifted.or(turned) {
            return self.shifted(unit, i64::from(by));
        }
        let (period, _) = period_within(words, self.lang)?;
        let sign = match () {
            () if has(clues, Term::Ago) => -1,
            () if has(clues, Term::Since) && self.direction != Direction::Future => -1,
            () if has(clues, Term::Ahead) && self.direction != Direction::Past => 1,
            () => return None,
        };
        self.after(period, sign)
    }

    fn shifted(&self, unit: Unit, by: i64) -> Option<PartialDate> {
        let published = self.published?;
        match unit {
            Unit::Day => PartialDate::from_date(published.checked_add(by.days()).ok()?),
            Unit::Week => month_of(published.checked_add((by * 7).days()).ok()?),
            Unit::Month => month_of(published.checked_add(by.months()).ok()?),
            Unit::Quarter => PartialDate::from_year(published.checked_add((by * 3).months()).ok()?.year()),
            Unit::Half => PartialDate::from_year(published.checked_add((by * 6).months()).ok()?.year()),
            Unit::Year => PartialDate::from_year(published.checked_add(by.years()).ok()?.year()),
        }
    }

    /// So long before or after publication, as finely as the period is told.
    fn after(&self, period: Period, sign: i64) -> Option<PartialDate> {
        let times = |count: u32| i64::from(count).checked_mul(sign);
        let span = jiff::Span::new()
            .try_years(times(period.years)?)
            .and_then(|span| span.try_months(times(period.months).unwrap_or(0)))
            .and_then(|span| span.try_weeks(times(period.weeks).unwrap_or(0)))
            .and_then(|span| span.try_days(times(period.days).unwrap_or(0)))
            .ok()?;
        let then = self.published?.checked_add(span).ok()?;
        match period {
            Period { years: 1.., .. } => PartialDate::from_year(then.year()),
            Period { months: 1.., .. } | Period { weeks: 1.., .. } => month_of(then),
            _ => PartialDate::from_date(then),
        }
    }

    /// Season, quarter or half without a year: the year alone.
    pub(super) fn part_of_year(&self, clues: &[Placed]) -> Option<PartialDate> {
        let turn = turn_in(clues);
        // A start told by a part of the year alone lies ahead: "nel secondo semestre".
        let direction = match self.direction(clues) {
            Direction::Either => Direction::Future,
            other => other,
        };
        if let Some(season) = find(clues, |t| if let Term::Season(season) = t { Some(season) } else { None })
        {
            let published = self.published?;
            return nearest(seasons(published, season).into_iter(), published, direction, turn);
        }
        let (unit, number) = find(clues, |t| if let Term::Nth(unit, n) = t { Some((unit, n)) } else { None })
            .or_else(|| numbered_part(clues))?;
        let number = i8::try_from(number).ok()?;
        let (first, last) = match (unit, number) {
            (Unit::Quarter, 1..=4) => (number * 3 - 2, number * 3),
            (Unit::Half, 1..=2) => (number * 6 - 5, number * 6),
            _ => return None,
        };
        let published = self.published?;
        nearest(parts_of_year(published, first, last), published, direction, None)
    }

    /// "Entro fine anno", "metà mese", "by the end of the quarter": the current one, or its neighbour.
    pub(super) fn running_unit(&self, clues: &[Placed]) -> Option<PartialDate> {
        let published = self.published?;
        let edge = find(clues, |t| if let Term::Edge(edge) = t { Some(edge) } else { None });
        let (edge, unit) =
            match find(clues, |t| if let Term::EdgeOf(edge, unit) = t { Some((edge, unit)) } else { None }) {
                Some((edge, unit)) => (Some(edge), unit),
                None => {
                    let at = position(clues, |c| matches!(c, Clue::Term(Term::Unit(_))))?;
                    let Clue::Term(Term::Unit(unit)) = clues.get(at)?.clue else {
                        return None;
                    };
                    let within =
                        position(clues, |c| c == Clue::Term(Term::Within)).is_some_and(|before| before < at);
                    if edge.is_none() && !within {
                        return None;
                    }
                    (edge, unit)
                }
            };
        match unit {
            Unit::Month => month_of(published),
            Unit::Quarter | Unit::Half => PartialDate::from_year(published.year()),
            Unit::Year => match edge {
                None => PartialDate::from_year(published.year()),
                Some(edge) => {
                    let (first, last) = match edge {
                        Edge::Start => (1, 4),
                        Edge::Middle => (5, 8),
                        Edge::End => (9, 12),
                    };
                    nearest(
                        parts_of_year(published, first, last),
                        published,
                        self.direction(clues),
                        turn_in(clues),
                    )
                }
            },
            Unit::Day | Unit::Week => None,
        }
    }

    /// "Il 30", "dal 15 prossimo": a day of this month or the next one.
    pub(super) fn day_alone(&self, clues: &[Placed]) -> Option<PartialDate> {
        let at = position(clues, |c| matches!(c, Clue::Day(_, Written::Digits | Written::Order)))?;
        let Clue::Day(day, _) = clues.get(at)?.clue else {
            return None;
        };
        let anchored = at > 0 || turn_in(clues).is_some();
        let plain = clues.iter().enumerate().all(|(i, placed)| {
            i == at
                || matches!(
                    placed.clue,
                    Clue::Term(
                        Term::Link | Term::Turn(_) | Term::Within | Term::Until | Term::Unit(Unit::Month)
                    )
                )
        });
        let published = self.published.filter(|_| anchored && plain)?;
        nearest(
            days_around(published, 62, |d| d.day() == day),
            published,
            self.direction(clues),
            turn_in(clues),
        )
    }
}

fn month_of(date: Date) -> Option<PartialDate> {
    PartialDate::from_month(date.year(), date.month())
}

/// "Terzo trimestre", "zweite Jahreshälfte", "prima metà".
fn numbered_part(clues: &[Placed]) -> Option<(Unit, u8)> {
    clues.windows(2).find_map(|pair| {
        let number = match pair[0].clue {
            Clue::Term(Term::Ordinal(number)) => number,
            Clue::Day(number, Written::Digits | Written::Order) => u8::try_from(number).ok()?,
            _ => return None,
        };
        match pair[1].clue {
            Clue::Term(Term::Unit(unit @ (Unit::Quarter | Unit::Half))) => Some((unit, number)),
            Clue::Term(Term::Edge(Edge::Middle)) => Some((Unit::Half, number)),
            _ => None,
        }
    })
}

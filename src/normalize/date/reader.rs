//! From the clues of a date to the date.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::Direction;
use super::clues::{Clue, Placed, Written};
use super::look::{find, has, position, shift_of, turn_beside, turn_in};
use super::nearest::{Stretch, days_around, days_of_year, months_of_year, nearest};
use super::numeric::Numeric;
use crate::normalize::calendar::{Edge, Term, Unit};
use crate::normalize::duration::period_within;
use crate::normalize::folded::Word;
use crate::schema::{Lang, PartialDate};

/// How far "lunedì 19" may lie from publication, in days.
const REACH_OF_WEEKDAY: i32 = 60;

/// Reads one date.
pub(super) struct Reader {
    pub lang: Lang,
    pub published: Option<Date>,
    pub direction: Direction,
}

/// The year that a date names.
#[derive(Clone, Copy)]
enum Year {
    Named(i16),
    /// Counted from that of publication.
    Shifted(i32),
}

impl Reader {
    /// The date that the clues say together: the finest first.
    pub fn read(&self, words: &[Word<'_>], clues: &[Placed]) -> Option<PartialDate> {
        if let Some(numeric) =
            clues.iter().find_map(|p| if let Clue::Numeric(n) = p.clue { Some(n) } else { None })
        {
            return self.numeric(numeric);
        }
        let year = self.year(words, clues);
        if let Some(at) = position(clues, |c| matches!(c, Clue::Term(Term::Month(_)) | Clue::PartOfMonth(_)))
        {
            return self.month(clues, at, year);
        }
        if let Some(date) = self.feast(clues, year) {
            return Some(date);
        }
        if let Some(day) = find(clues, |t| if let Term::Weekday(day) = t { Some(day) } else { None }) {
            return self.weekday(clues, day);
        }
        if let Some(days) = find(clues, |t| if let Term::Days(days) = t { Some(days) } else { None }) {
            return PartialDate::from_date(self.published?.checked_add(days.days()).ok()?);
        }
        if let Some(year) = year {
            return PartialDate::from_year(self.resolve_year(year)?);
        }
        self.part_of_year(clues)
            .or_else(|| self.unit_counted(words, clues))
            .or_else(|| self.running_unit(clues))
            .or_else(|| self.day_alone(clues))
    }

    fn numeric(&self, numeric: Numeric) -> Option<PartialDate> {
        match numeric {
            Numeric::Date(date) => Some(date),
            Numeric::MonthDay(month, day) => {
                let published = self.published?;
                nearest(days_of_year(published, month, day), published, self.direction(&[]), None)
            }
            Numeric::Ambiguous(european, american) => {
                let Some(published) = self.published else {
                    return PartialDate::from_year(european.year());
                };
                let days = [european, american].into_iter().filter_map(|date| {
                    let day = Date::new(date.year(), date.month()?, date.day()?).ok()?;
                    Stretch::day(day)
                });
                // Of the two readings the one nearer to publication, on the right side of it.
                nearest(days, published, self.direction, None).or(Some(european))
            }
        }
    }

    /// The year that the text names or tells: "2026", "dell'anno scorso", "di due anni fa".
    fn year(&self, words: &[Word<'_>], clues: &[Placed]) -> Option<Year> {
        let until = clues.iter().any(|p| p.clue == Clue::Term(Term::Until))
            || clues.iter().any(|p| p.clue == Clue::Term(Term::Edge(Edge::End)));
        let named = clues.iter().find_map(|p| match p.clue {
            Clue::Year(year) => Some(year),
            Clue::Years(first, last) => Some(if until { last } else { first }),
            _ => None,
        });
        if let Some(year) = named {
            return Some(Year::Named(year));
        }
        if let Some(shift) =
            find(clues, |t| if let Term::Shifted(Unit::Year, n) = t { Some(n) } else { None })
        {
            return Some(Year::Shifted(shift));
        }
        let own = clues.iter().enumerate().filter(|(_, p)| p.clue == Clue::Term(Term::Unit(Unit::Year)));
        if let Some(turn) = own.filter_map(|(at, _)| turn_beside(clues, at)).next() {
            return Some(Year::Shifted(shift_of(turn)));
        }
        let ago = has(clues, Term::Ago);
        let (period, _) = period_within(words, self.lang).filter(|_| ago)?;
        let months = period.years.checked_mul(12)?.checked_add(period.months)?;
        if period.years > 0 && period.months == 0 {
            i32::try_from(period.years).ok().map(|years| Year::Shifted(-years))
        } else if period.years > 0 {
            let then = self.published?.checked_sub(i64::from(months).months()).ok()?;
            Some(Year::Named(then.year()))
        } else {
            None
        }
    }

    fn resolve_year(&self, year: Year) -> Option<i16> {
        match year {
            Year::Named(year) => Some(year),
            Year::Shifted(by) => i16::try_from(i32::from(self.published?.year()).checked_add(by)?).ok(),
        }
    }

    fn month(&self, clues: &[Placed], at: usize, year: Option<Year>) -> Option<PartialDate> {
        let (month, day) = match clues.get(at)?.clue {
            Clue::Term(Term::Month(month)) => (month, day_beside(clues, at, self.lang)),
            Clue::PartOfMonth(month) => (month, None),
            _ => return None,
        };
        let month = i8::try_from(month).ok()?;
        if let Some(year) = year {
            return on_day(self.resolve_year(year)?, month, day);
        }
        let published = self.published?;
        let (direction, turn) = (self.direction(clues), turn_in(clues));
        let of_month = || nearest(months_of_year(published, month), published, direction, turn);
        match day {
            Some(DayOf::Number(day)) => {
                let of_day = nearest(days_of_year(published, month, day), published, direction, turn);
                of_day.or_else(of_month)
            }
            Some(DayOf::Last) => on_day(of_month()?.year(), month, day),
            None => of_month(),
        }
    }

    /// Fixed feasts, and the first and last day of a year.
    fn feast(&self, clues: &[Placed], year: Option<Year>) -> Option<PartialDate> {
        let (month, day) = find(clues, |t| match t {
            Term::Feast(month, day) => Some((month, day)),
            Term::FirstDay if year.is_some() => Some((1, 1)),
            Term::LastDay if year.is_some() => Some((12, 31)),
            _ => None,
        })?;
        let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        if let Some(year) = year {
            return PartialDate::from_day(self.resolve_year(year)?, month, day);
        }
        let published = self.published?;
        nearest(days_of_year(published, month, day), published, self.direction(clues), turn_in(clues))
    }

    fn weekday(&self, clues: &[Placed], day: i8) -> Option<PartialDate> {
        let published = self.published?;
        let weekday = Weekday::from_monday_one_offset(day).ok()?;
        if let Some(at) = position(clues, |c| c == Clue::Term(Term::Unit(Unit::Week))) {
            // "Lunedì della scorsa settimana"
            let turn = turn_beside(clues, at).or_else(|| turn_in(clues))?;
            let weeks = i64::from(shift_of(turn));
            let back = published.weekday().to_monday_zero_offset();
            let monday = published.checked_sub(i64::from(back).days()).ok()?;
            let days = weeks * 7 + i64::from(weekday.to_monday_zero_offset());
            return PartialDate::from_date(monday.checked_add(days.days()).ok()?);
        }
        let (direction, turn) = (self.direction(clues), turn_in(clues));
        let number = clues.iter().find_map(|p| match p.clue {
            Clue::Day(number, Written::Digits | Written::Order) => Some(number),
            _ => None,
        });
        let with_number = number.and_then(|number| {
            let wanted = |date: Date| date.weekday() == weekday && date.day() == number;
            nearest(days_around(published, REACH_OF_WEEKDAY, wanted), published, direction, turn)
        });
        let by_name =
            || nearest(days_around(published, 8, |d| d.weekday() == weekday), published, direction, turn);
        with_number.or_else(by_name)
    }

    pub(super) fn direction(&self, clues: &[Placed]) -> Direction {
        if has(clues, Term::Backdated) { Direction::Past } else { self.direction }
    }
}

/// A day of a month.
#[derive(Clone, Copy)]
enum DayOf {
    Number(i8),
    Last,
}

/// The day that stands beside the month at `at`.
fn day_beside(clues: &[Placed], at: usize, lang: Lang) -> Option<DayOf> {
    let bridge = |p: &&Placed| p.clue != Clue::Term(Term::Link);
    let day_of = |clue: Clue| match clue {
        Clue::Day(day, _) => Some(DayOf::Number(day)),
        Clue::Term(Term::Ordinal(day)) => i8::try_from(day).ok().map(DayOf::Number),
        Clue::Term(Term::FirstDay) => Some(DayOf::Number(1)),
        Clue::Term(Term::LastDay) => Some(DayOf::Last),
        _ => None,
    };
    let before = clues[..at].iter().rev().find(bridge).and_then(|p| day_of(p.clue));
    before.or_else(|| {
        let next = clues[at + 1..].iter().find(bridge).filter(|_| lang == Lang::En)?;
        matches!(next.clue, Clue::Day(_, Written::Digits | Written::Order))
            .then(|| day_of(next.clue))
            .flatten()
    })
}

fn on_day(year: i16, month: i8, day: Option<DayOf>) -> Option<PartialDate> {
    let exact = day.and_then(|day| match day {
        DayOf::Number(day) => PartialDate::from_day(year, month, day),
        DayOf::Last => PartialDate::from_day(year, month, Date::new(year, month, 1).ok()?.days_in_month()),
    });
    exact.or_else(|| PartialDate::from_month(year, month))
}

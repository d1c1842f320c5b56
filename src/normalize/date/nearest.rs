//! Of many days, months or seasons, the one that a text without a year means.

use jiff::ToSpan;
use jiff::civil::Date;

use super::Direction;
use crate::normalize::calendar::{Season, Turn};
use crate::schema::PartialDate;

/// 29 February comes back after eight years at the latest.
const YEARS_AROUND: i16 = 9;

/// A stretch of days, and what the text is taken to say when it means this one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    pub says: PartialDate,
    pub first: Date,
    pub last: Date,
}

impl Stretch {
    pub fn day(date: Date) -> Option<Self> {
        Some(Self { says: PartialDate::from_date(date)?, first: date, last: date })
    }

    fn holds(&self, date: Date) -> bool {
        self.first <= date && date <= self.last
    }

    /// How unlikely the stretch is meant, by its distance from the date in half days.
    ///
    /// News looks ahead: a day that has passed counts half as much again as one to come.
    fn remoteness(&self, date: Date) -> i32 {
        let days = |from: Date, to: Date| from.until(to).map_or(i32::MAX / 3, |span| span.get_days());
        if self.holds(date) {
            0
        } else if self.last < date {
            days(self.last, date) * 3
        } else {
            days(date, self.first) * 2
        }
    }
}

/// The stretch that is meant.
pub(super) fn nearest(
    stretches: impl Iterator<Item = Stretch>,
    published: Date,
    direction: Direction,
    turn: Option<Turn>,
) -> Option<PartialDate> {
    let all: Vec<Stretch> = stretches.collect();
    let chosen = match (turn, direction) {
        (Some(Turn::Previous), _) => all.iter().filter(|s| s.last < published).max_by_key(|s| s.last),
        (Some(Turn::Next), _) => all.iter().filter(|s| s.first > published).min_by_key(|s| s.first),
        (_, Direction::Past) => all.iter().filter(|s| s.first <= published).max_by_key(|s| s.first),
        (_, Direction::Future) => all.iter().filter(|s| s.last >= published).min_by_key(|s| s.last),
        (_, Direction::Either) => {
            all.iter().min_by_key(|s| (s.remoteness(published), std::cmp::Reverse(s.first)))
        }
    };
    chosen.map(|stretch| stretch.says)
}

fn years_around(published: Date) -> impl Iterator<Item = i16> {
    published.year().saturating_sub(YEARS_AROUND)..=published.year().saturating_add(YEARS_AROUND)
}

/// The same day of the years around.
pub(super) fn days_of_year(published: Date, month: i8, day: i8) -> impl Iterator<Item = Stretch> {
    years_around(published).filter_map(move |year| Stretch::day(Date::new(year, month, day).ok()?))
}

/// The same month of the years around.
pub(super) fn months_of_year(published: Date, month: i8) -> impl Iterator<Item = Stretch> {
    years_around(published).filter_map(move |year| {
        let says = PartialDate::from_month(year, month)?;
        let first = Date::new(year, month, 1).ok()?;
        Some(Stretch { says, first, last: first.last_of_month() })
    })
}

/// The same months of the years around, of which only the year is said.
pub(super) fn parts_of_year(published: Date, first: i8, last: i8) -> impl Iterator<Item = Stretch> {
    years_around(published).filter_map(move |year| {
        let says = PartialDate::from_year(year)?;
        let (first, last) = (Date::new(year, first, 1).ok()?, Date::new(year, last, 1).ok()?.last_of_month());
        Some(Stretch { says, first, last })
    })
}

/// The seasons of the years around. A winter goes by its first year, until the new year has begun.
pub(super) fn seasons(published: Date, season: Season) -> Vec<Stretch> {
    let (first, last) = match season {
        Season::Spring => (3, 5),
        Season::Summer => (6, 8),
        Season::Autumn => (9, 11),
        Season::Winter => {
            let winters = years_around(published).filter_map(|year| {
                let first = Date::new(year, 12, 1).ok()?;
                let last = Date::new(year.checked_add(1)?, 2, 1).ok()?.last_of_month();
                let running = first <= published && published <= last;
                let says = PartialDate::from_year(if running { published.year() } else { year })?;
                Some(Stretch { says, first, last })
            });
            return winters.collect();
        }
    };
    parts_of_year(published, first, last).collect()
}

/// The days around that fulfil a condition.
pub(super) fn days_around(
    published: Date,
    reach: i32,
    wanted: impl Fn(Date) -> bool,
) -> impl Iterator<Item = Stretch> {
    let days = (-reach..=reach).filter_map(move |offset| published.checked_add(offset.days()).ok());
    days.filter(move |day| wanted(*day)).filter_map(Stretch::day)
}

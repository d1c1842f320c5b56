//! Dates as fine as the text says them.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

/// A year, a month of a year, or a day.
///
/// The order is by time, and the coarser first: `2025` < `2025-01` < `2025-01-01`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PartialDate {
    year: i16,
    month: Option<i8>,
    day: Option<i8>,
}

impl PartialDate {
    /// A year alone, of 1 to 9999.
    #[must_use]
    pub fn from_year(year: i16) -> Option<Self> {
        (1..=9999).contains(&year).then_some(Self { year, month: None, day: None })
    }

    /// A month of a year.
    #[must_use]
    pub fn from_month(year: i16, month: i8) -> Option<Self> {
        let whole = Self::from_year(year)?;
        (1..=12).contains(&month).then_some(Self { month: Some(month), ..whole })
    }

    /// A day; `None` where the calendar has no such day.
    #[must_use]
    pub fn from_day(year: i16, month: i8, day: i8) -> Option<Self> {
        let whole = Self::from_month(year, month)?;
        Date::new(year, month, day).ok().map(|_| Self { day: Some(day), ..whole })
    }

    /// The day of a calendar date; `None` outside the years 1 to 9999.
    #[must_use]
    pub fn from_date(date: Date) -> Option<Self> {
        Self::from_day(date.year(), date.month(), date.day())
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i16 {
        self.year
    }

    /// The month, 1 to 12, when the date says one.
    #[must_use]
    pub fn month(self) -> Option<i8> {
        self.month
    }

    /// The day of the month, when the date says one.
    #[must_use]
    pub fn day(self) -> Option<i8> {
        self.day
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        for part in [self.month, self.day].into_iter().flatten() {
            write!(f, "-{part:02}")?;
        }
        Ok(())
    }
}

/// The text is no date of the form `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsePartialDateError(String);

impl fmt::Display for ParsePartialDateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a date of the form YYYY, YYYY-MM or YYYY-MM-DD: {:?}", self.0)
    }
}

impl std::error::Error for ParsePartialDateError {}

impl FromStr for PartialDate {
    type Err = ParsePartialDateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).ok_or_else(|| ParsePartialDateError(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<PartialDate> {
    let mut parts = text.split('-');
    let year = digits(parts.next()?, 4)?;
    let month = parts.next().map(|part| digits(part, 2));
    let day = parts.next().map(|part| digits(part, 2));
    match (month, day, parts.next()) {
        (None, None, None) => PartialDate::from_year(year),
        (Some(month), None, None) => PartialDate::from_month(year, i8::try_from(month?).ok()?),
        (Some(month), Some(day), None) => {
            PartialDate::from_day(year, i8::try_from(month?).ok()?, i8::try_from(day?).ok()?)
        }
        _ => None,
    }
}

/// A number of exactly so many digits: `+5` and `٣` are none.
fn digits(text: &str, width: usize) -> Option<i16> {
    let plain = text.len() == width && text.bytes().all(|b| b.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

/// What happens to a deal on a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DateKind {
    /// The deal is made known.
    Announced,
    /// The contract is signed.
    Signed,
    /// The agreement starts.
    Effective,
    /// Closing or full delivery, still to come.
    Expected,
    /// The deal was closed.
    Completed,
    /// The agreement ends.
    Expires,
}

impl DateKind {
    /// The word of the contract, in lower case.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Announced => "announced",
            Self::Signed => "signed",
            Self::Effective => "effective",
            Self::Expected => "expected",
            Self::Completed => "completed",
            Self::Expires => "expires",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips() {
        for text in ["2025", "2025-07", "2025-07-01", "2024-02-29", "0001"] {
            assert_eq!(text.parse::<PartialDate>().map(|d| d.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn refuses_what_the_calendar_lacks() {
        for text in [
            "",
            "25",
            "0000",
            "2025-13",
            "2025-00",
            "2025-02-29",
            "2025-7-1",
            "2025-07-01-01",
            "+025",
            "2025-",
        ] {
            assert!(text.parse::<PartialDate>().is_err(), "{text}");
        }
    }

    #[test]
    fn orders_by_time_and_the_coarser_first() {
        let mut dates: Vec<PartialDate> =
            ["2025-02", "2025-01-31", "2024", "2025", "2025-01"].iter().flat_map(|t| t.parse()).collect();
        dates.sort();
        let texts: Vec<String> = dates.iter().map(ToString::to_string).collect();
        assert_eq!(texts, ["2024", "2025", "2025-01", "2025-01-31", "2025-02"]);
    }
}

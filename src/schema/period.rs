//! A length of time in calendar units, as ISO 8601 writes it.

use std::fmt;
use std::str::FromStr;

/// A length of time as the text says it: "84 mesi" stays 84 months.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Period {
    /// Calendar years.
    pub years: u32,
    /// Calendar months.
    pub months: u32,
    /// Weeks.
    pub weeks: u32,
    /// Days.
    pub days: u32,
}

impl Period {
    /// No time at all.
    pub const ZERO: Self = Self { years: 0, months: 0, weeks: 0, days: 0 };

    /// So many years.
    #[must_use]
    pub const fn of_years(years: u32) -> Self {
        Self { years, ..Self::ZERO }
    }

    /// So many months.
    #[must_use]
    pub const fn of_months(months: u32) -> Self {
        Self { months, ..Self::ZERO }
    }

    /// So many weeks.
    #[must_use]
    pub const fn of_weeks(weeks: u32) -> Self {
        Self { weeks, ..Self::ZERO }
    }

    /// So many days.
    #[must_use]
    pub const fn of_days(days: u32) -> Self {
        Self { days, ..Self::ZERO }
    }

    /// Both one after the other, unit by unit; `None` when a unit overflows.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        Some(Self {
            years: self.years.checked_add(other.years)?,
            months: self.months.checked_add(other.months)?,
            weeks: self.weeks.checked_add(other.weeks)?,
            days: self.days.checked_add(other.days)?,
        })
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::ZERO {
            return f.write_str("P0D");
        }
        f.write_str("P")?;
        for (count, unit) in [(self.years, 'Y'), (self.months, 'M'), (self.weeks, 'W'), (self.days, 'D')] {
            if count > 0 {
                write!(f, "{count}{unit}")?;
            }
        }
        Ok(())
    }
}

/// The text is no ISO 8601 period of years, months, weeks and days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsePeriodError(String);

impl fmt::Display for ParsePeriodError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not an ISO 8601 period: {:?}", self.0)
    }
}

impl std::error::Error for ParsePeriodError {}

impl FromStr for Period {
    type Err = ParsePeriodError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).ok_or_else(|| ParsePeriodError(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<Period> {
    let mut rest = text.strip_prefix('P').filter(|rest| !rest.is_empty())?;
    let mut period = Period::ZERO;
    let mut allowed = "YMWD";
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let count: u32 = rest.get(..digits)?.parse().ok()?;
        let unit = rest[digits..].chars().next()?;
        // Units stand in falling order and at most once, so each shortens what may follow.
        let position = allowed.find(unit)?;
        allowed = &allowed[position + 1..];
        match unit {
            'Y' => period.years = count,
            'M' => period.months = count,
            'W' => period.weeks = count,
            _ => period.days = count,
        }
        rest = &rest[digits + 1..];
    }
    Some(period)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips() {
        for text in ["P7Y", "P18M", "P5Y6M", "P2W", "P45D", "P1Y2M3W4D", "P0D"] {
            assert_eq!(text.parse::<Period>().map(|p| p.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn refuses_what_is_no_period() {
        for text in ["", "P", "7Y", "P7", "PY", "P7Y7Y", "P3M2Y", "PT3H", "P-1Y", "P99999999999Y", "P1é"] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }
}

//! Counts of a unit as periods.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::schema::Period;

/// How fine the coarsest unit of a period is.
pub(super) fn rank(period: Period) -> u8 {
    match period {
        Period { years: 1.., .. } => 0,
        Period { months: 1.., .. } => 1,
        Period { weeks: 1.., .. } => 2,
        _ => 3,
    }
}

/// So many of the unit. The fraction of a year goes to months, that of a month or week to days.
pub(super) fn scale(unit: Period, count: Decimal) -> Option<Period> {
    if count <= Decimal::ZERO {
        return None;
    }
    let part = |size: u32, finer: u32| -> Option<(u32, u32)> {
        let total = count.checked_mul(Decimal::from(size))?;
        let whole = total.trunc();
        let rest = total.checked_sub(whole)?.checked_mul(Decimal::from(finer))?.round();
        Some((whole.to_u32()?, rest.to_u32()?))
    };
    let (years, more_months) = part(unit.years, 12)?;
    let (months, more_days) = part(unit.months, 30)?;
    let (weeks, days_of_weeks) = part(unit.weeks, 7)?;
    let (days, _) = part(unit.days, 1)?;
    let carried =
        Period { years: 0, months: more_months, weeks: 0, days: more_days.checked_add(days_of_weeks)? };
    let period = Period { years, months, weeks, days }.checked_add(carried)?;
    Some(period).filter(|p| *p != Period::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_fractions_to_the_next_unit() {
        let half = Decimal::new(25, 1);
        assert_eq!(scale(Period::of_years(1), half), Some(Period { years: 2, months: 6, ..Period::ZERO }));
        assert_eq!(scale(Period::of_years(10), Decimal::new(15, 1)), Some(Period::of_years(15)));
        assert_eq!(
            scale(Period::of_months(1), Decimal::new(15, 1)).map(|p| p.to_string()),
            Some("P1M15D".into())
        );
        assert_eq!(scale(Period::of_years(1), Decimal::MAX), None);
        assert_eq!(scale(Period::of_days(1), Decimal::ZERO), None);
    }
}

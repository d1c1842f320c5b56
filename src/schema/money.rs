//! Money as the contract's "Terms" gives it: bounds in a currency's main unit.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

/// An ISO 4217 currency code: three upper-case ASCII letters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The euro.
    pub const EUR: Self = Self(*b"EUR");
    /// The United States dollar.
    pub const USD: Self = Self(*b"USD");

    /// The code of three ASCII letters already known to be upper case; anything else becomes `XXX`,
    /// ISO 4217's "no currency". For the static tables; use [`FromStr`] on data.
    #[must_use]
    pub const fn from_code(code: &'static str) -> Self {
        match code.as_bytes() {
            &[a, b, c] if a.is_ascii_uppercase() && b.is_ascii_uppercase() && c.is_ascii_uppercase() => {
                Self([a, b, c])
            }
            _ => Self(*b"XXX"),
        }
    }

    /// The code, e.g. `EUR`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only ASCII letters get in, so this is never the fallback.
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Currency({})", self.as_str())
    }
}

/// The text is not three upper-case ASCII letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurrencyError {
    text: String,
}

impl fmt::Display for CurrencyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not an ISO 4217 currency code", self.text)
    }
}

impl std::error::Error for CurrencyError {}

impl FromStr for Currency {
    type Err = CurrencyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match *text.as_bytes() {
            [a, b, c] if [a, b, c].iter().all(u8::is_ascii_uppercase) => Ok(Self([a, b, c])),
            _ => Err(CurrencyError { text: text.to_owned() }),
        }
    }
}

/// An amount of money, with the bounds that the text gives (contract, "Terms").
///
/// Exact: `min` = `max`. "Oltre": no `max`. "Fino a": no `min`. The amounts are in the currency's
/// main unit (euros, not cents) and normalised, so that they print as `38000000000` or `9.81`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    /// The least amount, in the currency's main unit; `None` where the text gives only a ceiling.
    pub min: Option<Decimal>,
    /// The greatest amount, in the currency's main unit; `None` where the text gives only a floor.
    pub max: Option<Decimal>,
    /// The currency of both bounds.
    pub currency: Currency,
    /// The text says that the amount is not exact: "circa", "quasi", "una decina di".
    pub approx: bool,
}

impl Money {
    /// An amount that the text states as exact (`approx` false) or as near (`approx` true).
    #[must_use]
    pub fn of(amount: Decimal, currency: Currency, approx: bool) -> Self {
        Self::between(Some(amount), Some(amount), currency, approx)
    }

    /// An amount with its bounds, each normalised.
    #[must_use]
    pub fn between(min: Option<Decimal>, max: Option<Decimal>, currency: Currency, approx: bool) -> Self {
        Self { min: min.map(|d| d.normalize()), max: max.map(|d| d.normalize()), currency, approx }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_three_upper_case_letters() {
        assert_eq!("EUR".parse::<Currency>(), Ok(Currency::EUR));
        assert_eq!(Currency::USD.to_string(), "USD");
        for wrong in ["", "eur", "EU", "EURO", "E1R", "€"] {
            let error = wrong.parse::<Currency>().expect_err(wrong);
            assert!(error.to_string().contains("ISO 4217"));
        }
    }

    #[test]
    fn amounts_print_without_exponent_or_trailing_zeros() {
        let money = Money::of(Decimal::new(1320, 2), Currency::EUR, false);
        assert_eq!(money.min.map(|d| d.to_string()).as_deref(), Some("13.2"));
        let money = Money::of(Decimal::from(38_000_000_000_u64), Currency::USD, true);
        assert_eq!(money.max.map(|d| d.to_string()).as_deref(), Some("38000000000"));
    }
}

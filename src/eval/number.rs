//! Exact comparison of the numbers in an event's terms.

use serde_json::Value;

use super::scalar::plain_text;

/// Significant digits that are compared; the reference rounds to as many.
const PRECISION: usize = 28;

/// A number as it is compared: `"38000000000"`, `"3.80E+10"` and `38000000000` are equal.
///
/// Amounts are kept as digits and a power of ten, so that no amount is too large and no
/// comparison is subject to binary rounding.
#[derive(Debug, Clone)]
pub enum Number {
    /// A finite number: `digits`, without leading or trailing zeros, times ten to `exponent`.
    Finite {
        /// Below zero; false for zero.
        negative: bool,
        /// The significant decimal digits; empty for zero.
        digits: String,
        /// The power of ten of the last digit; 0 for zero.
        exponent: i64,
    },
    /// An infinity.
    Infinite {
        /// The lower one.
        negative: bool,
    },
    /// "NaN", which equals nothing, itself included.
    Undefined,
    /// No number; compared as text.
    Text(String),
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Finite { negative, digits, exponent },
                Self::Finite { negative: other_negative, digits: other_digits, exponent: other_exponent },
            ) => negative == other_negative && digits == other_digits && exponent == other_exponent,
            (Self::Infinite { negative: a }, Self::Infinite { negative: b }) => a == b,
            (Self::Text(a), Self::Text(b)) => a == b,
            _ => false,
        }
    }
}

impl Number {
    /// Reads a number, or keeps the text when it is none.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        parse(text).unwrap_or_else(|| Self::Text(text.to_owned()))
    }

    /// The number that a JSON value states; `None` for `null` and the empty string.
    #[must_use]
    pub fn from_json(value: &Value) -> Option<Self> {
        match value {
            Value::Null => None,
            Value::String(text) if text.is_empty() => None,
            _ => Some(Self::parse(&plain_text(value))),
        }
    }

    fn finite(negative: bool, digits: &str, exponent: i64) -> Option<Self> {
        let (mut digits, dropped) = rounded(digits.trim_start_matches('0'));
        let significant = digits.trim_end_matches('0').len();
        let zeros = digits.len() - significant;
        digits.truncate(significant);
        if digits.is_empty() {
            return Some(Self::Finite { negative: false, digits, exponent: 0 });
        }
        let shift = i64::try_from(dropped.checked_add(zeros)?).ok()?;
        Some(Self::Finite { negative, digits, exponent: exponent.checked_add(shift)? })
    }
}

fn parse(text: &str) -> Option<Number> {
    let text = text.trim_matches(super::fold::is_space).replace('_', "");
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let lower = unsigned.to_ascii_lowercase();
    if lower == "inf" || lower == "infinity" {
        return Some(Number::Infinite { negative });
    }
    if lower.strip_prefix("nan").is_some_and(all_digits) {
        return Some(Number::Undefined);
    }
    let (mantissa, exponent) = match lower.split_once('e') {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
        None => (lower.as_str(), 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !all_digits(&digits) {
        return None;
    }
    let fraction_length = i64::try_from(fraction.len()).ok()?;
    Number::finite(negative, &digits, exponent.checked_sub(fraction_length)?)
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The first [`PRECISION`] digits, rounded half to even, and how many digits were dropped.
fn rounded(digits: &str) -> (String, usize) {
    let Some((kept, rest)) = digits.split_at_checked(PRECISION) else {
        return (digits.to_owned(), 0);
    };
    let is_odd = kept.bytes().last().is_some_and(|digit| digit % 2 == 1);
    let above_half = rest.starts_with(['6', '7', '8', '9'])
        || (rest.starts_with('5') && (is_odd || rest.bytes().skip(1).any(|digit| digit != b'0')));
    if !above_half {
        return (kept.to_owned(), rest.len());
    }
    let stem = kept.trim_end_matches('9');
    let nines = kept.len() - stem.len();
    let mut up = stem.to_owned();
    let last = up.pop().map_or(1, |digit| digit as u8 - b'0' + 1);
    up.push(char::from(b'0' + last));
    (up, rest.len() + nines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn same(a: Value, b: Value) -> bool {
        Number::from_json(&a) == Number::from_json(&b)
    }

    #[test]
    fn forms_of_one_number_are_equal() {
        for form in [
            json!("38000000000"),
            json!("3.8E+10"),
            json!("3.80e10"),
            json!(38_000_000_000_u64),
            json!(38_000_000_000.0),
            json!(" 038000000000.000 "),
            json!("+38_000_000_000"),
            json!("380000000000e-1"),
        ] {
            assert!(same(json!("38000000000"), form.clone()), "{form}");
        }
    }

    /// Fails without `serde_json`'s feature `float_roundtrip`, which reads the nearest `f64`.
    #[test]
    fn long_fractions_are_read_exactly() {
        for digits in ["0.9473684210526315", "0.9473684210526316", "33.333333333333336"] {
            let number: Value = serde_json::from_str(digits).expect("JSON");
            assert!(same(json!(digits), number), "{digits}");
        }
    }

    #[test]
    fn other_numbers_differ() {
        for form in [
            json!("38000000001"),
            json!("-38000000000"),
            json!("3.8e9"),
            json!("38.000.000.000"),
            json!("38 000 000 000"),
            json!(""),
            json!(null),
        ] {
            assert!(!same(json!("38000000000"), form.clone()), "{form}");
        }
    }

    #[test]
    fn zero_has_no_sign_and_no_exponent() {
        assert!(same(json!("0"), json!("-0.00")));
        assert!(same(json!(0), json!("0e9")));
        assert!(same(json!(".0"), json!("0.")));
    }

    #[test]
    fn what_is_no_number_is_text() {
        for text in ["dieci", ".", "5e", "1.2.3", "1e5.0", "e5", "--1", "+", "_", "snan"] {
            assert!(matches!(Number::parse(text), Number::Text(_)), "{text}");
            assert!(same(json!(text), json!(text)), "{text}");
        }
        assert!(!same(json!("dieci"), json!("Dieci")));
        assert!(same(json!(true), json!("True")));
    }

    #[test]
    fn special_values() {
        assert!(same(json!("Infinity"), json!("+inf")));
        assert!(!same(json!("inf"), json!("-inf")));
        assert!(!same(json!("NaN"), json!("NaN")));
        assert!(!same(json!("nan12"), json!("nan12")));
    }

    #[test]
    fn twenty_eight_digits_are_compared_rounded_half_to_even() {
        let ones = "1".repeat(27);
        assert!(same(json!(format!("{ones}25")), json!(format!("{ones}20"))));
        assert!(same(json!(format!("{ones}35")), json!(format!("{ones}40"))));
        assert!(same(json!(format!("{ones}2500")), json!(format!("{ones}2000"))));
        assert!(same(json!(format!("{ones}2501")), json!(format!("{ones}3000"))));
        assert!(!same(json!(format!("{ones}2")), json!(format!("{ones}3"))));
        assert!(same(json!("9".repeat(30)), json!(format!("1{}", "0".repeat(30)))));
        assert!(same(json!(format!("{}96", "1".repeat(27))), json!(format!("{}20", "1".repeat(26)) + "0")));
    }

    #[test]
    fn extreme_exponents_do_not_panic() {
        for text in [
            "1e9223372036854775807",
            "1e-9223372036854775808",
            "10e9223372036854775807",
            "0.1e-9223372036854775808",
            "1e99999999999999999999",
        ] {
            let _ = Number::parse(text);
        }
    }
}

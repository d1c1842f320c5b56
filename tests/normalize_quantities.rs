//! The quantity normalisers against tables of newswire expressions, and on arbitrary input.

use std::fmt::Write as _;

use proptest::prelude::*;
use rust_decimal::Decimal;
use siglato::normalize::Span;
use siglato::normalize::currency::named_in;
use siglato::normalize::money::money;
use siglato::normalize::number::cardinal;
use siglato::normalize::percent::percent;
use siglato::schema::{Currency, Lang, Money};

const LANGS: [Lang; 5] = [Lang::It, Lang::En, Lang::Fr, Lang::De, Lang::Es];

/// Money in the form of the corpus' header lines.
fn header(money: &Money) -> String {
    let currency = money.currency;
    match (money.min, money.max) {
        (Some(low), Some(high)) if low == high => {
            format!("{}{low}{currency}", if money.approx { "~" } else { "" })
        }
        (Some(low), Some(high)) => format!("{low}..{high}{currency}"),
        (Some(low), None) => format!(">={low}{currency}"),
        (None, Some(high)) => format!("<={high}{currency}"),
        (None, None) => "without bounds".to_owned(),
    }
}

/// Runs a table and reports every row that fails. `read` gives the value and takes the fields
/// after the span; the last field is what is expected.
fn run(
    name: &str,
    table: &str,
    lang: Lang,
    least: usize,
    read: impl Fn(Span<'_>, &[&str]) -> Option<String>,
) {
    let mut rows = 0;
    let mut faults = String::new();
    for (number, line) in table.lines().enumerate() {
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        rows += 1;
        let fields: Vec<&str> = line.split('\t').collect();
        let [left, text, right, rest @ .., expected] = fields.as_slice() else {
            let _ = writeln!(faults, "{name}:{}: too few columns", number + 1);
            continue;
        };
        let got = read(Span { text, left, right }, rest).unwrap_or_else(|| "-".to_owned());
        if got != *expected {
            let _ = writeln!(
                faults,
                "{name}:{}: {lang:?} {left:?} [{text}] {right:?}: got {got}, expected {expected}",
                number + 1
            );
        }
    }
    assert!(faults.is_empty(), "{} rows\n{faults}", rows);
    assert!(rows >= least, "{name}: {rows} rows");
}

macro_rules! tables {
    ($($money:ident $percent:ident $lang:ident $file:literal $least:literal;)*) => {$(
        #[test]
        fn $money() {
            let table = include_str!(concat!("normalize/money/", $file));
            run(concat!("money/", $file), table, Lang::$lang, $least, |span, rest| {
                let fallback = rest.first().and_then(|code| code.parse::<Currency>().ok());
                money(span, Lang::$lang, fallback).map(|m| header(&m))
            });
        }

        #[test]
        fn $percent() {
            let table = include_str!(concat!("normalize/percent/", $file));
            run(concat!("percent/", $file), table, Lang::$lang, $least, |span, _| {
                percent(span, Lang::$lang).map(|p| p.to_string())
            });
        }
    )*};
}

tables! {
    money_it percent_it It "it.tsv" 150;
    money_en percent_en En "en.tsv" 60;
    money_fr percent_fr Fr "fr.tsv" 60;
    money_de percent_de De "de.tsv" 60;
    money_es percent_es Es "es.tsv" 60;
}

#[test]
fn numbers() {
    let mut faults = String::new();
    for line in include_str!("normalize/numbers.tsv").lines() {
        let &[lang, text, expected] = line.split('\t').collect::<Vec<_>>().as_slice() else {
            continue;
        };
        let lang = match lang {
            "it" => Lang::It,
            "en" => Lang::En,
            "fr" => Lang::Fr,
            "de" => Lang::De,
            "es" => Lang::Es,
            _ => continue,
        };
        let got = cardinal(text, lang).map_or_else(|| "-".to_owned(), |n| n.to_string());
        if got != expected {
            let _ = writeln!(faults, "{lang:?} [{text}]: got {got}, expected {expected}");
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

/// A whole number in the language's digit groups.
fn grouped(number: u64, mark: &str) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push_str(mark);
        }
        out.push(digit);
    }
    out
}

/// The group and decimal marks of a language.
fn marks(lang: Lang) -> (&'static str, &'static str) {
    match lang {
        Lang::En => (",", "."),
        Lang::Fr => ("\u{202f}", ","),
        Lang::It | Lang::De | Lang::Es => (".", ","),
    }
}

/// Text that often looks like a quantity.
fn quantity_like() -> impl Strategy<Value = String> {
    let parts = prop_oneof![
        "[0-9]{1,40}",
        "[.,'’ \u{a0}\u{202f}%€$£¥()/–-]{1,3}",
        Just("miliardi".to_owned()),
        Just("million".to_owned()),
        Just("Mrd.".to_owned()),
        Just("tra".to_owned()),
        Just("between".to_owned()),
        Just("e mezzo".to_owned()),
        Just("fino a".to_owned()),
        Just("un quarto".to_owned()),
        Just("zweiunddreißig".to_owned()),
        Just("quatre-vingt-dix".to_owned()),
        Just("mil".to_owned()),
        Just("virgola".to_owned()),
        Just("half".to_owned()),
        Just("decina".to_owned()),
        Just("US$".to_owned()),
        Just("dollari".to_owned()),
        Just("pence".to_owned()),
        "\\PC{0,6}",
    ];
    proptest::collection::vec((parts, prop::bool::ANY), 0..12).prop_map(|parts| {
        let mut out = String::new();
        for (part, space) in parts {
            out.push_str(&part);
            if space {
                out.push(' ');
            }
        }
        out
    })
}

fn read_all(left: &str, text: &str, right: &str) {
    let span = Span { text, left, right };
    for lang in LANGS {
        for fallback in [None, Some(Currency::EUR)] {
            if let Some(money) = money(span, lang, fallback) {
                let shown = header(&money);
                assert!(!shown.contains(['e', 'E']) || shown.contains(money.currency.as_str()));
                assert!(money.min.is_some() || money.max.is_some());
                if let (Some(low), Some(high)) = (money.min, money.max) {
                    assert!(low <= high, "{shown}");
                }
            }
        }
        let _ = percent(span, lang);
        let _ = cardinal(text, lang);
        let _ = named_in(text, lang);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_without_panic(left in "\\PC{0,20}", text in any::<String>(), right in "\\PC{0,20}") {
        read_all(&left, &text, &right);
    }

    #[test]
    fn quantity_like_text_is_read_without_panic(
        left in quantity_like(), text in quantity_like(), right in quantity_like(),
    ) {
        read_all(&left, &text, &right);
    }

    #[test]
    fn grouped_digits_come_back(number in 0_u64..1_000_000_000_000_000) {
        for lang in LANGS {
            let text = grouped(number, marks(lang).0);
            prop_assert_eq!(cardinal(&text, lang), Some(Decimal::from(number)), "{}", text);
            let text = number.to_string();
            prop_assert_eq!(cardinal(&text, lang), Some(Decimal::from(number)), "{}", text);
        }
    }

    #[test]
    fn amounts_come_back(whole in 1_u64..100_000, cents in 1_u32..100) {
        for lang in LANGS {
            let (group, point) = marks(lang);
            let text = format!("{}{point}{cents:02} €", grouped(whole, group));
            let span = Span { text: &text, ..Span::default() };
            let expected = Decimal::from(whole) + Decimal::new(i64::from(cents), 2);
            prop_assert_eq!(
                money(span, lang, None),
                Some(Money::of(expected, Currency::EUR, false)),
                "{}", text
            );
        }
    }

    #[test]
    fn percentages_come_back(hundredths in 1_i64..=10_000) {
        for lang in LANGS {
            let share = Decimal::new(hundredths, 2);
            let text = format!("{share} %").replace('.', marks(lang).1);
            let span = Span { text: &text, ..Span::default() };
            prop_assert_eq!(percent(span, lang), Some(share.normalize()), "{}", text);
        }
    }
}

#[test]
fn overflow_is_no_value() {
    let digits = "9".repeat(29);
    for text in [
        digits.clone(),
        format!("{digits}{digits} euro"),
        format!("{digits} miliardi di euro"),
        "79228162514264337593543950335 miliardi di euro".to_owned(),
    ] {
        let span = Span { text: &text, ..Span::default() };
        assert_eq!(money(span, Lang::It, Some(Currency::EUR)), None, "{text}");
    }
}

//! Durations and dates, by tables of phrases from the news and by properties.

use jiff::civil::Date;
use proptest::prelude::*;
use siglato::normalize::Span;
use siglato::normalize::date::{Direction, date};
use siglato::normalize::duration::duration;
use siglato::schema::{Lang, PartialDate, Period};

const LANGS: [(Lang, &str); 5] =
    [(Lang::It, "it"), (Lang::En, "en"), (Lang::Fr, "fr"), (Lang::De, "de"), (Lang::Es, "es")];

/// The rows of a table as their cells, with their line numbers. The first line names the columns.
fn rows<const COLUMNS: usize>(kind: &str, lang: &str) -> Vec<(usize, [String; COLUMNS])> {
    let path = format!("{}/tests/normalize/{kind}/{lang}.tsv", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let numbered = text.lines().enumerate().filter(|(_, line)| !line.starts_with('#') && !line.is_empty());
    let cells = numbered.map(|(index, line)| {
        let cells: Vec<String> = line.split('\t').map(str::to_owned).collect();
        let cells =
            cells.try_into().unwrap_or_else(|_| panic!("{path}:{}: wrong number of cells", index + 1));
        (index + 1, cells)
    });
    cells.collect()
}

fn shown<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

/// Fails with every wrong row, not only the first.
fn report(failures: &[String]) {
    assert!(failures.is_empty(), "{} rows are wrong:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn durations_of_the_tables() {
    let mut failures = Vec::new();
    for (lang, code) in LANGS {
        for (line, [left, text, right, expected]) in rows::<4>("duration", code) {
            let got = shown(duration(Span { text: &text, left: &left, right: &right }, lang));
            if got != expected {
                failures.push(format!(
                    "duration/{code}.tsv:{line}: {left}[{text}]{right}: {got}, not {expected}"
                ));
            }
        }
    }
    report(&failures);
}

#[test]
fn dates_of_the_tables() {
    let mut failures = Vec::new();
    for (lang, code) in LANGS {
        for (line, [left, text, right, published, direction, expected]) in rows::<6>("date", code) {
            let published: Option<Date> = if published == "-" { None } else { Some(day(&published)) };
            let direction = match direction.as_str() {
                "past" => Direction::Past,
                "future" => Direction::Future,
                "either" => Direction::Either,
                other => panic!("date/{code}.tsv:{line}: direction {other}"),
            };
            let span = Span { text: &text, left: &left, right: &right };
            let got = shown(date(span, lang, published, direction));
            if got != expected {
                failures
                    .push(format!("date/{code}.tsv:{line}: {left}[{text}]{right}: {got}, not {expected}"));
            }
        }
    }
    report(&failures);
}

fn day(text: &str) -> Date {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// A date as the language writes it in full.
fn long_form(date: Date, lang: Lang) -> String {
    const NAMES: [&str; 5] = [
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "January February March April May June July August September October November December",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    ];
    let (year, month, day) = (date.year(), usize::from(date.month().unsigned_abs()), date.day());
    let name = |language: usize| NAMES[language].split(' ').nth(month - 1).unwrap_or_default();
    match lang {
        Lang::It => format!("il {day} {} {year}", name(0)),
        Lang::En => format!("{} {day}, {year}", name(1)),
        Lang::Fr if day == 1 => format!("le 1er {} {year}", name(2)),
        Lang::Fr => format!("le {day} {} {year}", name(2)),
        Lang::De => format!("am {day}. {} {year}", name(3)),
        Lang::Es => format!("el {day} de {} de {year}", name(4)),
    }
}

fn any_lang() -> impl Strategy<Value = Lang> {
    prop::sample::select(LANGS.map(|(lang, _)| lang).to_vec())
}

fn any_direction() -> impl Strategy<Value = Direction> {
    prop::sample::select(vec![Direction::Past, Direction::Future, Direction::Either])
}

/// Any day that the calendar library knows, its first and last and leap days more often.
fn any_published() -> impl Strategy<Value = Option<Date>> {
    let anywhere = (-9999i16..=9999, 1i8..=12, 1i8..=31).prop_map(|(y, m, d)| Date::new(y, m, d).ok());
    let leap = (-2400i16..=2400).prop_map(|y| Date::new(y * 4, 2, 29).ok());
    prop_oneof![4 => anywhere, 1 => leap, 1 => Just(Some(Date::MIN)), 1 => Just(Some(Date::MAX)), 1 => Just(None)]
}

/// Any text, or a jumble of the words that the normalisers look for.
fn any_text() -> impl Strategy<Value = String> {
    const PIECES: &str = "due fa anni anno scorso prossimo il 31 29 30 febbraio february marzo fine metà entro trimestre \
        secondo 99999999999999 4294967295 9999 0 1 2024 '22 2026/27 1/2/25 31.12.9999 lunedì lunes Montag ago two years \
        vor 200000 Jahren dans hace il y a seconda half (ventiquattro) - + , . ' ’ e mezzo and a half zehnjährig ultimo \
        giorno del settimana next week Frühjahr tra 32767 miliardi ß ǰ İ \u{301}";
    let pieces: Vec<&str> = PIECES.split_whitespace().collect();
    let jumble =
        prop::collection::vec((prop::sample::select(pieces), prop::sample::select(vec![" ", ""])), 0..10);
    let jumble =
        jumble.prop_map(|words| words.into_iter().flat_map(|(word, gap)| [word, gap]).collect::<String>());
    prop_oneof![any::<String>(), "\\PC{0,40}", jumble]
}

proptest! {
    #[test]
    fn no_text_panics(
        text in any_text(), left in any_text(), right in any_text(),
        lang in any_lang(), published in any_published(), direction in any_direction(),
    ) {
        let span = Span { text: &text, left: &left, right: &right };
        if let Some(found) = date(span, lang, published, direction) {
            prop_assert_eq!(found.to_string().parse::<PartialDate>().ok(), Some(found));
        }
        if let Some(found) = duration(span, lang) {
            prop_assert_eq!(found.to_string().parse::<Period>().ok(), Some(found));
        }
    }

    #[test]
    fn a_date_in_full_is_read_back(
        year in 1900i16..=2099, month in 1i8..=12, day in 1i8..=31,
        lang in any_lang(), published in any_published(), direction in any_direction(),
    ) {
        let Ok(written) = Date::new(year, month, day) else { return Ok(()) };
        let text = long_form(written, lang);
        let span = Span { text: &text, left: "firmato ", right: "." };
        prop_assert_eq!(date(span, lang, published, direction), PartialDate::from_date(written), "{}", text);
    }

    #[test]
    fn iso_days_are_read_back(year in 1900i16..=2099, month in 1i8..=12, day in 1i8..=31, lang in any_lang()) {
        let Ok(written) = Date::new(year, month, day) else { return Ok(()) };
        let text = written.to_string();
        let found = date(Span { text: &text, left: "", right: "" }, lang, None, Direction::Past);
        prop_assert_eq!(found, PartialDate::from_date(written));
    }

    #[test]
    fn a_day_without_its_year_lies_where_the_direction_says(offset in -5000i64..5000, lang in any_lang()) {
        use jiff::ToSpan;
        let published = Date::constant(2025, 11, 19);
        let Ok(written) = published.checked_add(offset.days()) else { return Ok(()) };
        let text = long_form(written, lang).replace(&format!(" {}", written.year()), "").replace(',', "");
        let text = text.trim_end_matches(" de");
        let span = Span { text, left: "", right: "" };
        let today = PartialDate::from_date(published);
        let past = date(span, lang, Some(published), Direction::Past);
        let future = date(span, lang, Some(published), Direction::Future);
        prop_assert!(past.is_some() && past <= today, "{}: {:?}", text, past);
        prop_assert!(future.is_some() && future >= today, "{}: {:?}", text, future);
        for found in [past, future].into_iter().flatten() {
            prop_assert_eq!((found.month(), found.day()), (Some(written.month()), Some(written.day())));
        }
    }

    #[test]
    fn counts_in_digits_are_read_back(count in 2u32..2000) {
        let forms = [
            (Lang::It, format!("{count} anni"), Period::of_years(count)),
            (Lang::It, format!("{count} mesi"), Period::of_months(count)),
            (Lang::En, format!("{count} weeks"), Period::of_weeks(count)),
            (Lang::En, format!("{count}-year"), Period::of_years(count)),
            (Lang::Fr, format!("{count} mois"), Period::of_months(count)),
            (Lang::De, format!("{count} Tage"), Period::of_days(count)),
            (Lang::Es, format!("{count} años"), Period::of_years(count)),
        ];
        for (lang, text, expected) in forms {
            prop_assert_eq!(duration(Span { text: &text, left: "", right: "" }, lang), Some(expected), "{}", text);
        }
    }
}

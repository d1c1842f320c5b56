//! Which of the five languages a text is in.

use whatlang::{Detector, Lang as Whatlang};

use crate::schema::Lang;

/// How much of a text is looked at: enough trigrams to be sure, whatever the article's length.
const LOOKED_AT: usize = 4_000;

/// The language of a text among those that siglato reads; Italian when the text gives no hint (no letters).
#[must_use]
pub fn detect(text: &str) -> Lang {
    let end = text.char_indices().nth(LOOKED_AT).map_or(text.len(), |(at, _)| at);
    let detector = Detector::with_allowlist(vec![
        Whatlang::Ita,
        Whatlang::Eng,
        Whatlang::Fra,
        Whatlang::Deu,
        Whatlang::Spa,
    ]);
    match detector.detect_lang(&text[..end]) {
        Some(Whatlang::Eng) => Lang::En,
        Some(Whatlang::Fra) => Lang::Fr,
        Some(Whatlang::Deu) => Lang::De,
        Some(Whatlang::Spa) => Lang::Es,
        _ => Lang::It,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_the_five_apart() {
        let cases = [
            (
                Lang::It,
                "La società ha firmato un accordo per rilevare lo stabilimento di Brescia entro l'anno.",
            ),
            (Lang::En, "The company has signed an agreement to buy the plant by the end of the year."),
            (
                Lang::Fr,
                "La société a signé un accord pour reprendre l'usine de Lyon d'ici la fin de l'année.",
            ),
            (
                Lang::De,
                "Das Unternehmen hat einen Vertrag über den Kauf des Werks bis Jahresende unterzeichnet.",
            ),
            (
                Lang::Es,
                "La compañía ha firmado un acuerdo para comprar la planta de Zaragoza antes de fin de año.",
            ),
        ];
        for (lang, text) in cases {
            assert_eq!(detect(text), lang, "{text}");
        }
    }

    #[test]
    fn nothing_to_go_by_is_italian() {
        for text in ["", "1234 — 5678", "😀"] {
            assert_eq!(detect(text), Lang::It);
        }
    }
}

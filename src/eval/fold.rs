//! Names as they are compared.

use unicode_normalization::UnicodeNormalization;

/// Legal forms that do not tell one company from another when they end its name.
const LEGAL_FORMS: [&str; 29] = [
    "s.p.a",
    "spa",
    "s.r.l",
    "srl",
    "s.a.p.a",
    "sapa",
    "inc",
    "corp",
    "corporation",
    "co",
    "company",
    "ltd",
    "limited",
    "plc",
    "llc",
    "lp",
    "sa",
    "s.a",
    "sas",
    "se",
    "ag",
    "gmbh",
    "nv",
    "n.v",
    "bv",
    "b.v",
    "ab",
    "asa",
    "oyj",
];

/// The form of a name that is compared: case, white space, quotes and final legal forms do not
/// count.
#[must_use]
pub fn fold(name: &str) -> String {
    let mut unquoted = String::with_capacity(name.len());
    for c in name.nfkc().filter(|c| !is_quote(*c)) {
        push_case_folded(&mut unquoted, c);
    }
    let spaced = unquoted.split(is_space).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let mut name = spaced.trim_matches([' ', '.', ',', ';', ':']);
    while let Some((rest, last)) = name.rsplit_once(' ') {
        if !LEGAL_FORMS.contains(&last.trim_matches(['.', ','])) {
            break;
        }
        name = rest;
    }
    name.trim_end_matches([' ', '.', ',']).to_owned()
}

/// White space as the reference counts it: Unicode's, and the four ASCII separators.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '«' | '»' | '\'' | '’' | '`')
}

/// Appends Unicode's full case folding of a character that NFKC leaves alone.
///
/// The standard library has no folding. Lower case taken through upper case is the same for every
/// such character (`ß` to `ss`, `ς` to `σ`, `ῳ` to `ωι`), but for the dotless `ı`, which stays, and
/// for Cherokee, which folds to its older capital letters.
fn push_case_folded(text: &mut String, c: char) {
    match c {
        'ı' => text.push(c),
        '\u{13a0}'..='\u{13ff}' | '\u{ab70}'..='\u{abbf}' => text.extend(c.to_uppercase()),
        _ => text.extend(c.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_quotes_and_spaces_do_not_count() {
        assert_eq!(fold("  «Alfa»\u{a0} \t BETA "), "alfa beta");
        assert_eq!(fold("L’Ora d'Oro"), "lora doro");
        assert_eq!(fold("Alfa\u{1f}Beta"), "alfa beta");
    }

    #[test]
    fn final_legal_forms_are_dropped() {
        for name in
            ["Delta S.p.A.", "Delta, Inc.", "DELTA SpA", "Delta Co., Ltd.", "Delta Company S.A", "Delta. SE"]
        {
            assert_eq!(fold(name), "delta", "{name}");
        }
    }

    #[test]
    fn a_legal_form_alone_or_inside_is_a_name() {
        assert_eq!(fold("SAS"), "sas");
        assert_eq!(fold("Co Inc"), "co");
        assert_eq!(fold("Delta Inc , Ltd"), "delta inc");
        assert_eq!(fold("AG Delta"), "ag delta");
        assert_eq!(fold("A.G. Delta s.a.s."), "a.g. delta s.a.s");
    }

    #[test]
    fn compatibility_forms_fold_together() {
        assert_eq!(fold("ＤＥＬＴＡ ﬁn"), "delta fin");
        assert_eq!(fold("STRAẞE"), fold("strasse"));
        assert_eq!(fold("ΑΛΦΑΣ"), fold("αλφας"));
        assert_eq!(fold("İzmir"), "i\u{307}zmir");
        assert_eq!(fold("ısı"), "ısı");
        assert_eq!(fold("ᾼ"), "αι");
        assert_eq!(fold("\u{ab70}"), "\u{13a0}");
    }

    #[test]
    fn nothing_may_be_left() {
        assert_eq!(fold(""), "");
        assert_eq!(fold(" .,;: "), "");
        assert_eq!(fold("«»"), "");
    }
}

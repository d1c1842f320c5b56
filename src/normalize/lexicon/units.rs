//! What every language writes alike: ISO codes, currency signs, short scales; and the currencies
//! that share a noun ("dollari", "corone").

use super::{Scale, scale};
use crate::schema::Currency;

/// Currencies with one noun.
#[allow(missing_docs)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[rustfmt::skip]
pub enum Family {
    Euro, Dollar, Pound, Franc, Yen, Yuan, Rupee, Won, Krone, Zloty, Real, Peso, Rouble, Lira,
    Shekel, Dirham, Riyal, Dinar, Mark, Rand, Forint, Leu, Lev, Peseta, Baht, Ringgit, Naira, Cedi,
    Tenge, Hryvnia, Shilling, Drachma, Sol, Escudo, Rupiah, Dong, Cfa, Guilder, Crore, Bolivar,
    PoundOrLira, Penny, Uf, MexicanPeso, UsDollar, TurkishLira, Guarani, Boliviano,
}

/// Whose currency it is.
#[allow(missing_docs)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[rustfmt::skip]
pub enum Region {
    Us, Canada, Australia, NewZealand, HongKong, Singapore, Taiwan, Switzerland, France, Belgium,
    Cfa, Britain, Egypt, Sweden, Norway, Denmark, Czechia, Iceland, Mexico, Argentina, Chile,
    Colombia, Philippines, Dominican, Uruguay, Brazil, Turkey, Italy, Germany, India, Indonesia,
    Pakistan, SaudiArabia, Qatar, Morocco, Emirates, Kuwait, Serbia, Tunisia, Algeria, Hungary,
    Netherlands, China, Japan, Korea, Poland, Russia, Israel, Kenya, Austria, Romania, SouthAfrica,
    Jamaica, Namibia, Lebanon, Oman, Jordan, Luxembourg, Finland, CentralAfrica, WestAfrica,
    Local, Spain, Peru, Venezuela, SriLanka, Uganda, Tanzania,
}

/// A family's currencies: the one without an adjective (`None`: there is no usual one), and the
/// ones by region.
#[must_use]
#[rustfmt::skip]
pub fn members(family: Family) -> (Option<&'static str>, &'static [(Region, &'static str)]) {
    use Region as R;
    match family {
        Family::Euro => (Some("EUR"), &[]),
        Family::Dollar => (Some("USD"), &[
            (R::Us, "USD"), (R::Canada, "CAD"), (R::Australia, "AUD"), (R::NewZealand, "NZD"),
            (R::HongKong, "HKD"), (R::Singapore, "SGD"), (R::Taiwan, "TWD"), (R::Jamaica, "JMD"),
            (R::Namibia, "NAD"),
        ]),
        Family::UsDollar => (Some("USD"), &[]),
        Family::Pound => (Some("GBP"), &[
            (R::Britain, "GBP"), (R::Egypt, "EGP"), (R::Lebanon, "LBP"), (R::Turkey, "TRY"),
        ]),
        Family::PoundOrLira => (Some("GBP"), &[
            (R::Britain, "GBP"), (R::Egypt, "EGP"), (R::Lebanon, "LBP"), (R::Turkey, "TRY"),
            (R::Italy, "ITL"),
        ]),
        Family::Penny => (Some("GBP"), &[]),
        Family::Franc => (Some("CHF"), &[
            (R::Switzerland, "CHF"), (R::France, "FRF"), (R::Belgium, "BEF"), (R::Cfa, "XOF"),
            (R::Luxembourg, "LUF"),
        ]),
        Family::Cfa => (Some("XOF"), &[(R::CentralAfrica, "XAF"), (R::WestAfrica, "XOF")]),
        Family::Yen => (Some("JPY"), &[(R::Japan, "JPY")]),
        Family::Yuan => (Some("CNY"), &[(R::China, "CNY")]),
        Family::Rupee => (Some("INR"), &[
            (R::India, "INR"), (R::Pakistan, "PKR"), (R::Indonesia, "IDR"), (R::SriLanka, "LKR"),
        ]),
        Family::Crore => (Some("INR"), &[(R::Pakistan, "PKR")]),
        Family::Rupiah => (Some("IDR"), &[]),
        Family::Won => (Some("KRW"), &[(R::Korea, "KRW")]),
        Family::Krone => (Some("SEK"), &[
            (R::Sweden, "SEK"), (R::Norway, "NOK"), (R::Denmark, "DKK"), (R::Czechia, "CZK"),
            (R::Iceland, "ISK"),
        ]),
        Family::Zloty => (Some("PLN"), &[(R::Poland, "PLN")]),
        Family::Real => (Some("BRL"), &[(R::Brazil, "BRL")]),
        Family::Peso => (Some("MXN"), &[
            (R::Mexico, "MXN"), (R::Argentina, "ARS"), (R::Chile, "CLP"), (R::Colombia, "COP"),
            (R::Philippines, "PHP"), (R::Dominican, "DOP"), (R::Uruguay, "UYU"),
        ]),
        Family::MexicanPeso => (Some("MXN"), &[]),
        Family::Rouble => (Some("RUB"), &[(R::Russia, "RUB")]),
        Family::Lira => (Some("ITL"), &[
            (R::Italy, "ITL"), (R::Turkey, "TRY"), (R::Egypt, "EGP"), (R::Lebanon, "LBP"),
            (R::Britain, "GBP"),
        ]),
        Family::TurkishLira => (Some("TRY"), &[
            (R::Turkey, "TRY"), (R::Italy, "ITL"), (R::Egypt, "EGP"), (R::Lebanon, "LBP"),
        ]),
        Family::Shekel => (Some("ILS"), &[(R::Israel, "ILS")]),
        Family::Dirham => (Some("AED"), &[(R::Emirates, "AED"), (R::Morocco, "MAD")]),
        Family::Riyal => (Some("SAR"), &[
            (R::SaudiArabia, "SAR"), (R::Qatar, "QAR"), (R::Oman, "OMR"),
        ]),
        Family::Dinar => (None, &[
            (R::Kuwait, "KWD"), (R::Serbia, "RSD"), (R::Tunisia, "TND"), (R::Algeria, "DZD"),
            (R::Jordan, "JOD"),
        ]),
        Family::Mark => (Some("DEM"), &[(R::Germany, "DEM"), (R::Finland, "FIM")]),
        Family::Rand => (Some("ZAR"), &[(R::SouthAfrica, "ZAR")]),
        Family::Forint => (Some("HUF"), &[(R::Hungary, "HUF"), (R::Netherlands, "NLG")]),
        Family::Guilder => (Some("NLG"), &[(R::Netherlands, "NLG")]),
        Family::Leu => (Some("RON"), &[(R::Romania, "RON")]),
        Family::Lev => (Some("BGN"), &[]),
        Family::Peseta => (Some("ESP"), &[(R::Spain, "ESP")]),
        Family::Baht => (Some("THB"), &[]),
        Family::Ringgit => (Some("MYR"), &[]),
        Family::Naira => (Some("NGN"), &[]),
        Family::Cedi => (Some("GHS"), &[]),
        Family::Tenge => (Some("KZT"), &[]),
        Family::Hryvnia => (Some("UAH"), &[]),
        Family::Shilling => (None, &[
            (R::Kenya, "KES"), (R::Austria, "ATS"), (R::Uganda, "UGX"), (R::Tanzania, "TZS"),
        ]),
        Family::Drachma => (Some("GRD"), &[]),
        Family::Sol => (Some("PEN"), &[(R::Peru, "PEN")]),
        Family::Escudo => (Some("PTE"), &[]),
        Family::Dong => (Some("VND"), &[]),
        Family::Bolivar => (Some("VES"), &[(R::Venezuela, "VES")]),
        Family::Guarani => (Some("PYG"), &[]),
        Family::Boliviano => (Some("BOB"), &[]),
        Family::Uf => (Some("CLF"), &[]),
    }
}

/// Whether the "$" sign alone may stand for this currency, where a document is reckoned in it.
#[must_use]
#[rustfmt::skip]
pub fn has_dollar_sign(currency: Currency) -> bool {
    ["USD", "CAD", "AUD", "NZD", "HKD", "SGD", "TWD", "MXN", "ARS", "CLP", "COP", "DOP", "UYU",
     "JMD", "NAD"].contains(&currency.as_str())
}

/// Signs, as the tokens that spell them, glued or not; the longest that fits wins.
#[rustfmt::skip]
pub static SIGNS: &[(&[&str], &str)] = &[
    (&["€"], "EUR"), (&["£"], "GBP"), (&["¥"], "JPY"), (&["₹"], "INR"), (&["₩"], "KRW"),
    (&["₽"], "RUB"), (&["₺"], "TRY"), (&["₪"], "ILS"), (&["₦"], "NGN"), (&["₴"], "UAH"),
    (&["₱"], "PHP"), (&["฿"], "THB"), (&["₫"], "VND"), (&["₡"], "CRC"), (&["₸"], "KZT"),
    (&["zl"], "PLN"), (&["r", "$"], "BRL"), (&["us", "$"], "USD"), (&["$", "us"], "USD"),
    (&["u", "$", "s"], "USD"), (&["u", "$", "d"], "USD"), (&["usd", "$"], "USD"),
    (&["a", "$"], "AUD"), (&["au", "$"], "AUD"), (&["c", "$"], "CAD"), (&["ca", "$"], "CAD"),
    (&["can", "$"], "CAD"), (&["cdn", "$"], "CAD"), (&["cad", "$"], "CAD"), (&["$", "ca"], "CAD"),
    (&["$", "can"], "CAD"), (&["$", "cad"], "CAD"), (&["$", "usd"], "USD"), (&["$", "au"], "AUD"),
    (&["$", "aud"], "AUD"), (&["$", "hk"], "HKD"), (&["hk", "$"], "HKD"), (&["s", "$"], "SGD"),
    (&["sg", "$"], "SGD"), (&["nt", "$"], "TWD"), (&["nz", "$"], "NZD"), (&["rd", "$"], "DOP"),
    (&["mx", "$"], "MXN"), (&["mex", "$"], "MXN"), (&["mxn", "$"], "MXN"), (&["$", "mxn"], "MXN"),
    (&["ar", "$"], "ARS"), (&["ars", "$"], "ARS"), (&["col", "$"], "COP"), (&["cop", "$"], "COP"),
    (&["clp", "$"], "CLP"), (&["mm", "$"], "CLP"), (&["s", "/"], "PEN"),
    (&["gh", "¢"], "GHS"), (&["gh", "₵"], "GHS"), (&["rs"], "INR"), (&["cn", "¥"], "CNY"),
    (&["rmb", "¥"], "CNY"), (&["rmb"], "CNY"), (&["sfr"], "CHF"), (&["chf"], "CHF"),
    (&["rm"], "MYR"), (&["fcfa"], "XOF"), (&["mdh"], "MAD"), (&["dh"], "MAD"), (&["dhs"], "AED"),
    (&["g", "$"], "CAD"),
    (&["uf"], "CLF"), (&["mdp"], "MXN"), (&["mdd"], "USD"), (&["meur"], "EUR"), (&["keur"], "EUR"),
    (&["teur"], "EUR"), (&["musd"], "USD"), (&["mus", "$"], "USD"), (&["mdeur"], "EUR"),
    (&["gbp"], "GBP"), (&["stg"], "GBP"), (&["xdr"], "XDR"), (&["kr"], "SEK"),
    (&["bs"], "BOB"), (&["tl"], "TRY"), (&["dm"], "DEM"), (&["ff"], "FRF"),
];

/// Signs that other members of a family share: the document's currency decides between them.
#[must_use]
pub fn sign_family(spelling: &[&str]) -> Option<Family> {
    match spelling {
        ["fcfa"] => Some(Family::Cfa),
        ["rs"] => Some(Family::Rupee),
        ["kr"] => Some(Family::Krone),
        ["dhs"] => Some(Family::Dirham),
        _ => None,
    }
}

/// ISO codes that count when written in capitals. Codes that are English or Italian words in a
/// capitalised headline ("ALL", "TOP") are left out.
#[rustfmt::skip]
static CODES: &[&str] = &[
    "EUR", "USD", "GBP", "CHF", "JPY", "CNY", "CNH", "INR", "KRW", "SEK", "NOK", "DKK", "CZK",
    "ISK", "PLN", "HUF", "RON", "BGN", "RSD", "HRK", "TRY", "RUB", "UAH", "KZT", "ILS", "AED",
    "SAR", "QAR", "KWD", "BHD", "OMR", "JOD", "EGP", "MAD", "DZD", "TND", "NGN", "GHS", "KES",
    "ZAR", "XOF", "XAF", "BRL", "MXN", "ARS", "CLP", "CLF", "COP", "PEN", "UYU", "PYG", "BOB",
    "DOP", "CRC", "VES", "CAD", "AUD", "NZD", "HKD", "SGD", "TWD", "THB", "MYR", "IDR", "PHP",
    "VND", "PKR", "LKR", "BDT", "ITL", "DEM", "FRF", "ESP", "ATS", "BEF", "NLG", "PTE", "GRD",
    "FIM", "TZS", "UGX",
];

/// The currency of an ISO code written in capitals.
#[must_use]
pub fn iso_code(raw: &str) -> Option<Currency> {
    if raw == "RMB" {
        return Some(Currency::from_code("CNY"));
    }
    CODES.iter().find(|&&code| code == raw).map(|&code| Currency::from_code(code))
}

/// Short scale words that no language reads otherwise. "bilion" and the like are in the languages.
#[rustfmt::skip]
static SCALES: &[Scale] = &[
    scale("k", 3), scale("keur", 3), scale("teur", 3), scale("tsd", 3), scale("m", 6),
    scale("mm", 6), scale("mn", 6), scale("mln", 6), scale("mio", 6), scale("mill", 6),
    scale("mil", 6), scale("meur", 6), scale("musd", 6), scale("mus", 6), scale("mdh", 6),
    scale("mdp", 6), scale("mdd", 6), scale("mns", 6), scale("mlns", 6),
    scale("b", 9), scale("bn", 9), scale("bln", 9), scale("mld", 9), scale("mlrd", 9),
    scale("mrd", 9), scale("mia", 9), scale("md", 9), scale("mds", 9), scale("mmd", 9),
    scale("g", 9), scale("mdeur", 9), scale("tn", 12), scale("trn", 12), scale("trln", 12),
];

/// The short scale of a folded word.
#[must_use]
pub fn shared_scale(word: &str) -> Option<Scale> {
    SCALES.iter().find(|s| s.word == word).copied()
}

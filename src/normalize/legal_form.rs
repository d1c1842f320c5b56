//! Legal forms of companies, which names are compared without.

/// Forms without their dots, lower case, as they end a name.
pub const LEGAL_FORMS: &[&str] = &[
    "spa",
    "srl",
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
    "sas",
    "se",
    "ag",
    "gmbh",
    "nv",
    "bv",
    "ab",
    "asa",
    "oyj",
];

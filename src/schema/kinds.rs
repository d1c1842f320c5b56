//! The closed vocabularies of the contract: types, roles, attributes, and the kinds of mention and term.

use std::fmt;
use std::str::FromStr;

/// An enum whose variants are written as fixed words, in JSON as in the model's configuration.
macro_rules! vocabulary {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            /// Every value, in the contract's order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word that JSON, the contract and the model's labels use.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|v| v.as_str() == text).ok_or_else(|| UnknownWord {
                    vocabulary: stringify!($name),
                    word: text.to_owned(),
                })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}

/// A word that is not in the vocabulary it was read for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{word:?} is no {vocabulary}")]
pub struct UnknownWord {
    vocabulary: &'static str,
    word: String,
}

vocabulary! {
    /// What kind of deal it is.
    DealType {
        /// Control, 100 %, a majority, a business unit, an asset, a take-over bid.
        Acquisition = "ACQUISITION",
        /// Two or more become one.
        Merger = "MERGER",
        /// A minority stake, a funding round, a subscribed capital increase.
        EquityInvestment = "EQUITY_INVESTMENT",
        /// A jointly owned entity or project is set up.
        JointVenture = "JOINT_VENTURE",
        /// Goods, works, services or capacity for a price.
        SupplyContract = "SUPPLY_CONTRACT",
        /// Alliance, collaboration, memorandum, distribution or technology agreement.
        Partnership = "PARTNERSHIP",
        /// Rights to technology, brand, drug or content.
        Licensing = "LICENSING",
        /// Loan, credit line, bond placed, guarantee.
        Financing = "FINANCING",
        /// Listing, public offering, secondary placement on the market.
        PublicOffering = "PUBLIC_OFFERING",
        /// A deal that none of these fits.
        Other = "OTHER",
    }
}

vocabulary! {
    /// What a participant does in the deal.
    Role {
        /// Buys control.
        Acquirer = "ACQUIRER",
        /// Is bought.
        Target = "TARGET",
        /// Sells a company or a stake.
        Seller = "SELLER",
        /// Merges, or takes part in a deal of type `OTHER`.
        Party = "PARTY",
        /// The entity that a merger makes.
        Result = "RESULT",
        /// Buys a minority or subscribes capital.
        Investor = "INVESTOR",
        /// Receives the investment.
        Investee = "INVESTEE",
        /// A party of a partnership or joint venture.
        Partner = "PARTNER",
        /// The jointly owned entity.
        Venture = "VENTURE",
        /// Receives goods, works or services.
        Customer = "CUSTOMER",
        /// Provides goods, works or services.
        Supplier = "SUPPLIER",
        /// Grants rights.
        Licensor = "LICENSOR",
        /// Receives rights.
        Licensee = "LICENSEE",
        /// Lends, places its guarantee.
        Lender = "LENDER",
        /// Borrows, benefits from a guarantee.
        Borrower = "BORROWER",
        /// Issues the shares that go to the market.
        Issuer = "ISSUER",
        /// Bank or law firm that acts for a party.
        Advisor = "ADVISOR",
    }
}

vocabulary! {
    /// How far the deal has come: the latest stage that the document states.
    Stage {
        /// Talks, an offer, exclusivity, interest.
        Negotiation = "NEGOTIATION",
        /// Made known, agreed in principle, approved by the boards.
        Announced = "ANNOUNCED",
        /// A binding agreement.
        Signed = "SIGNED",
        /// Closed, in force.
        Completed = "COMPLETED",
        /// An existing deal is revised.
        Amended = "AMENDED",
        /// Called off, refused, withdrawn, expired.
        Terminated = "TERMINATED",
    }
}

vocabulary! {
    /// On whose word the deal stands.
    Certainty {
        /// Stated as fact or by a party.
        Confirmed = "CONFIRMED",
        /// Press, sources, reportative conditional.
        Reported = "REPORTED",
    }
}

vocabulary! {
    /// Whether the document is about the deal or recalls it.
    Salience {
        /// Reported as news.
        Main = "MAIN",
        /// Recalled.
        Background = "BACKGROUND",
    }
}

vocabulary! {
    /// What a mention in the text is.
    MentionKind {
        /// The name of an organisation or other party body.
        Org = "ORG",
        /// The name of a person.
        Per = "PER",
        /// The name of a place.
        Loc = "LOC",
        /// A sum of money.
        Money = "MONEY",
        /// A percentage.
        Percent = "PERCENT",
        /// A length of time.
        Duration = "DURATION",
        /// A date.
        Date = "DATE",
        /// A description that stands for a name ("il colosso di Seattle").
        Nominal = "NOMINAL",
    }
}

vocabulary! {
    /// Which term of a deal a mention states.
    TermKind {
        /// The price or worth of the deal.
        Value = "value",
        /// The worth of a whole company that the deal implies.
        Valuation = "valuation",
        /// The share that changes hands.
        Stake = "stake",
        /// How long the agreement lasts.
        Duration = "duration",
        /// The day it was made known.
        Announced = "announced",
        /// The day it was signed.
        Signed = "signed",
        /// The day it starts.
        Effective = "effective",
        /// Closing or full delivery still to come.
        Expected = "expected",
        /// The day it was closed.
        Completed = "completed",
        /// The day it ends.
        Expires = "expires",
    }
}

impl DealType {
    /// Whether the contract gives this type the role.
    #[must_use]
    pub fn allows(self, role: Role) -> bool {
        use Role::{
            Acquirer, Advisor, Borrower, Customer, Investee, Investor, Issuer, Lender, Licensee, Licensor,
            Partner, Party, Result, Seller, Supplier, Target, Venture,
        };
        let own: &[Role] = match self {
            Self::Acquisition => &[Acquirer, Target, Seller],
            Self::Merger => &[Party, Result],
            Self::EquityInvestment => &[Investor, Investee, Seller],
            Self::JointVenture => &[Partner, Venture],
            Self::SupplyContract => &[Customer, Supplier],
            Self::Partnership => &[Partner],
            Self::Licensing => &[Licensor, Licensee],
            Self::Financing => &[Lender, Borrower],
            Self::PublicOffering => &[Issuer],
            Self::Other => &[Party],
        };
        role == Advisor || own.contains(&role)
    }
}

impl MentionKind {
    /// Whether a mention of this kind can stand for a party.
    #[must_use]
    pub const fn is_party(self) -> bool {
        matches!(self, Self::Org | Self::Per | Self::Loc | Self::Nominal)
    }

    /// Whether a mention of this kind is a proper name.
    #[must_use]
    pub const fn is_name(self) -> bool {
        matches!(self, Self::Org | Self::Per | Self::Loc)
    }
}

impl TermKind {
    /// The kind of mention that can state this term.
    #[must_use]
    pub const fn mention_kind(self) -> MentionKind {
        match self {
            Self::Value | Self::Valuation => MentionKind::Money,
            Self::Stake => MentionKind::Percent,
            Self::Duration => MentionKind::Duration,
            _ => MentionKind::Date,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back() {
        for t in DealType::ALL {
            assert_eq!(t.as_str().parse(), Ok(*t));
        }
        for r in Role::ALL {
            assert_eq!(r.as_str().parse(), Ok(*r));
        }
        let error = "TAKEOVER".parse::<DealType>().expect_err("no such type");
        assert_eq!(error.to_string(), "\"TAKEOVER\" is no DealType");
    }

    #[test]
    fn every_type_has_a_role_of_its_own_and_the_advisor() {
        for t in DealType::ALL {
            assert!(t.allows(Role::Advisor));
            assert!(Role::ALL.iter().any(|r| *r != Role::Advisor && t.allows(*r)), "{t}");
        }
        assert!(!DealType::Partnership.allows(Role::Acquirer));
    }
}

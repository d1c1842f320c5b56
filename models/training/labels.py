"""The label sets of the deal model. Written into config.json, where the Rust side reads them."""

KINDS = ["ORG", "PER", "LOC", "MONEY", "PERCENT", "DURATION", "DATE"]
NOMINAL = len(KINDS)  # the kind index of a nominal mention, which has a tag layer of its own because it nests
PARTY = {0, 1, 2, NOMINAL}
NAME_TAGS = ["O"] + [f"{b}-{k}" for k in KINDS for b in "BIES"]
NOMINAL_TAGS = ["O"] + [f"{b}-NOM" for b in "BIES"]
TYPES = ["ACQUISITION", "MERGER", "EQUITY_INVESTMENT", "JOINT_VENTURE", "SUPPLY_CONTRACT", "PARTNERSHIP", "LICENSING",
         "FINANCING", "PUBLIC_OFFERING", "OTHER"]
STAGES = ["NEGOTIATION", "ANNOUNCED", "SIGNED", "COMPLETED", "AMENDED", "TERMINATED"]
CERTAINTIES = ["CONFIRMED", "REPORTED"]
SALIENCES = ["MAIN", "BACKGROUND"]
ROLES = ["ACQUIRER", "TARGET", "SELLER", "PARTY", "RESULT", "INVESTOR", "INVESTEE", "PARTNER", "VENTURE", "CUSTOMER",
         "SUPPLIER", "LICENSOR", "LICENSEE", "LENDER", "BORROWER", "ISSUER", "ADVISOR"]
TERMS = ["value", "valuation", "stake", "duration", "announced", "signed", "effective", "expected", "completed", "expires"]
# The terms that a mention of each kind can be.
TERMS_OF = {3: [0, 1], 4: [2], 5: [3], 6: [4, 5, 6, 7, 8, 9]}
KIND_OF_TERM = {"value": 3, "valuation": 3, "stake": 4, "duration": 5, "money": 3, "percent": 4, "date": 6,
                **{t: 6 for t in TERMS[4:]}}
# Upper bounds (exclusive) of the token-distance buckets; the last bucket is open.
DISTANCES = [1, 2, 3, 5, 8, 16, 32, 64, 128, 256, 512]
LEGAL_FORMS = {"spa", "srl", "sapa", "inc", "corp", "corporation", "co", "company", "ltd", "limited", "plc", "llc", "lp", "sa",
               "sas", "se", "ag", "gmbh", "nv", "bv", "ab", "asa", "oyj"}

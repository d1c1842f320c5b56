"""The checker finds what it says it finds. Run: python3 -m unittest discover -s models/corpus"""
import unittest

from check import Fault, article, bare_names, parse_event, parse_marks, parse_money

HEAD = ["lang: it", "published: 2025-03-10", "brief: test",
        "e1: ACQUISITION COMPLETED CONFIRMED MAIN ACQUIRER=o1 TARGET=o2 value=12000000EUR", "title: [Alfa|o1] [compra|e1] [Beta|o2]"]
BODY = ["[Alfa|o1] paga [12 milioni|e1.value]. [La [romana|l1]|o1:nom] tace."]


def broken(head=HEAD, body=BODY):
    try:
        article("x", head, body)
    except Fault as fault:
        return str(fault)
    return None


class Marks(unittest.TestCase):
    def test_nesting_and_escapes(self):
        text, marks = parse_marks(r"[La [Roma|l1]|o1:nom] \[1\] a\|b")
        self.assertEqual(text, "La Roma [1] a|b")
        self.assertEqual(marks, [(3, 7, "l1"), (0, 7, "o1:nom")])

    def test_faults(self):
        for marked in ("[a", "a|b]", "[a]", "[a|q1]", "[ a|o1]", "[|o1]"):
            with self.assertRaises(Fault, msg=marked):
                parse_marks(marked)


class Header(unittest.TestCase):
    def test_money(self):
        self.assertEqual(parse_money(">=10EUR"), {"min": "10", "max": None, "currency": "EUR", "approx": False})
        self.assertEqual(parse_money("3..4USD")["max"], "4")
        for wrong in ("10", "~3..4EUR", "EUR", "1,5EUR"):
            with self.assertRaises(Fault, msg=wrong):
                parse_money(wrong)

    def test_event_lines(self):
        for wrong in ("TAKEOVER SIGNED CONFIRMED MAIN PARTY=o1", "MERGER SIGNED CONFIRMED MAIN ACQUIRER=o1", "MERGER SIGNED CONFIRMED MAIN",
                      "MERGER SIGNED CONFIRMED MAIN PARTY=o1 duration=7Y", "MERGER SIGNED CONFIRMED MAIN PARTY=o1 signed=2025-13"):
            with self.assertRaises(Fault, msg=wrong):
                parse_event(wrong)


class Articles(unittest.TestCase):
    def test_gold(self):
        doc = article("x", HEAD, BODY)
        self.assertEqual(doc["gold"]["events"][0]["participants"][0], {"role": "ACQUIRER", "names": ["Alfa"]})
        for start, end, label in doc["spans"]:
            self.assertTrue(doc["read"][start:end].strip(), label)
        self.assertEqual(doc["gold"]["events"][0]["evidence"], ["Alfa compra Beta"])

    def test_faults(self):
        self.assertIsNone(broken())
        self.assertIn("no trigger mark", broken(HEAD[:-1], ["[Alfa|o1] [Beta|o2] [12|e1.value]"]))
        self.assertIn("value not marked", broken(body=["[Alfa|o1]."]))
        self.assertIn("no name mark", broken(HEAD[:-1], ["[Alfa|o1] [compra|e1] [lei|o2:nom] per [12|e1.value]"]))
        self.assertIn("no header line", broken(body=BODY + ["[x|e2]"]))
        self.assertIn("no such term", broken(body=BODY + ["[x|e1.stake]"]))
        self.assertIn("lang", broken(["lang: pt", *HEAD[1:]]))
        self.assertIn("twice", broken([*HEAD, "lang: it"]))

    def test_bare_names_are_warned_of(self):
        self.assertEqual(bare_names(article("x", HEAD, BODY)), [])
        self.assertEqual([n for n, _ in bare_names(article("x", HEAD, BODY + ["Beta e Alfaromeo."]))], ["Beta"])


if __name__ == "__main__":
    unittest.main()

"""The annotated articles as training documents."""
import hashlib
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "corpus"))
from check import read_file  # noqa: E402

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
MARK = re.compile(r"([opl])(\d+)(:nom)?|(e\d+)(?:\.(\w+))?|(money|percent|duration|date)")


@dataclass
class Mark:
    """A labelled stretch of the read text, in code points."""
    start: int
    end: int
    label: str


@dataclass
class Article:
    """The read text (title, blank line, text) with its marks and events."""
    id: str
    lang: str
    text: str
    title: int  # code points of the title; 0 without one
    marks: list
    events: dict = field(default_factory=dict)  # "e1" -> {type, stage, certainty, salience, participants: [(role, id)]}


def read(paths=None):
    """Every article of the corpus, and its gold line, in file order."""
    articles = []
    for path in sorted(paths or CORPUS.glob("*.deal")):
        for doc in read_file(path):
            articles.append((Article(doc["id"], doc["lang"], doc["read"], len(doc.get("title", "")),
                                     [Mark(*m) for m in doc["spans"]], doc["event_ids"]), doc["gold"]))
    return articles


def held_out(identifier):
    """Whether an article is in the fixed validation part (about one in ten)."""
    return hashlib.sha256(identifier.encode()).digest()[0] < 26

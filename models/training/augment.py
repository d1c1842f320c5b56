"""Mechanical variety: the same annotated article under other names, other figures, other typography.

Every change replaces stretches of the text and carries the marks along, so that the labels stay true.
"""
import re
from collections import defaultdict

from corpus import Article, Mark

DIRT = {
    "it": ["Leggi anche", "RIPRODUZIONE RISERVATA", "Condividi su Facebook", "Iscriviti alla newsletter", "Pubblicità",
           "Ultimo aggiornamento: 10:42", "Tempo di lettura: 3 minuti", "© Riproduzione riservata", "Segui il nostro canale WhatsApp",
           "Foto d'archivio", "Articolo riservato agli abbonati", "Ascolta la versione audio dell'articolo"],
    "en": ["Read more", "Share this article", "Advertisement", "Sign up for our newsletter", "All rights reserved.", "3 min read",
           "Recommended", "Follow us", "File photo", "This article is for subscribers"],
    "fr": ["Lire aussi", "Partager", "Publicité", "Abonnez-vous à notre newsletter", "Tous droits réservés", "Temps de lecture : 3 min"],
    "de": ["Lesen Sie auch", "Artikel teilen", "Anzeige", "Newsletter abonnieren", "Alle Rechte vorbehalten", "Lesezeit: 3 Minuten"],
    "es": ["Lea también", "Compartir", "Publicidad", "Suscríbase a nuestro boletín", "Todos los derechos reservados", "Tiempo de lectura: 3 min"],
}
# Real organisations, so that the model meets names as they are: (full name, other forms).
KNOWN = [line.split("|") for line in """
UniCredit|Unicredit
Intesa Sanpaolo|Intesa
Banco Bpm|Bpm
Monte dei Paschi di Siena|Mps
Mediobanca
Assicurazioni Generali|Generali
Poste Italiane|Poste
Enel
Eni
Snam
Terna
A2A
Hera
Iren
Leonardo
Fincantieri
Stellantis
Ferrari
Pirelli
Prysmian
Saipem
Telecom Italia|Tim
Cassa depositi e prestiti|Cdp
Ferrero
Barilla
Lavazza
Campari
Luxottica
Prada
Moncler
Brunello Cucinelli|Cucinelli
Autostrade per l'Italia|Autostrade
Ferrovie dello Stato|Fs
Trenitalia
Webuild
Maire Tecnimont|Maire
Technogym
Recordati
Menarini
Chiesi
Amplifon
Diasorin
Nexi
Fineco
Mediolanum
Unipol
Edison
Acea
Italgas
Sparkle
BlackRock
Blackstone
KKR
Carlyle
CVC Capital Partners|CVC
Bain Capital|Bain
Apollo Global Management|Apollo
Advent International|Advent
Goldman Sachs|Goldman
JPMorgan Chase|JPMorgan
Morgan Stanley
Bank of America|BofA
Citigroup|Citi
Deutsche Bank
Commerzbank
BNP Paribas|Bnp
Société Générale|SocGen
Crédit Agricole|Agricole
Santander
BBVA
CaixaBank
Barclays
HSBC
UBS
Nomura
Lazard
Rothschild & Co|Rothschild
Microsoft
Apple
Alphabet
Meta Platforms|Meta
Nvidia
Intel
AMD
IBM
Cisco
Oracle
Salesforce
SAP
Siemens
Bosch
Bayer
BASF
Volkswagen|VW
BMW
Mercedes-Benz|Mercedes
Daimler Truck
Thyssenkrupp
Rheinmetall
Airbus
Thales
Safran
Dassault Systèmes|Dassault
TotalEnergies|Total
Engie
Électricité de France|EDF
Orange
Vivendi
LVMH
Kering
L'Oréal
Danone
Carrefour
Sanofi
Renault
Michelin
Iberdrola
Endesa
Repsol
Telefónica
Inditex
Ferrovial
ACS
Naturgy
Cellnex
AstraZeneca|Astra
GSK
Pfizer
Novartis
Roche
Eli Lilly|Lilly
Merck
Johnson & Johnson|J&J
Nestlé
Unilever
Diageo
Heineken
Shell
BP
Exxon Mobil|Exxon
Chevron
Equinor
Aramco
Adnoc
Mubadala
QatarEnergy
Temasek
SoftBank
Toyota
Hyundai Motor|Hyundai
Samsung Electronics|Samsung
Hitachi
Sony
Tencent
Alibaba
Byd
Catl
Boeing
Lockheed Martin|Lockheed
General Electric|GE
General Motors|GM
Ford
Tesla
Uber
Spotify
Netflix
Walt Disney|Disney
Warner Bros Discovery|Warner
Vodafone
Iliad
Swisscom
Ericsson
Nokia
Maersk
Ikea
Vestas
Ørsted
Novo Nordisk|Novo
Unione Europea|Ue
Banca europea per gli investimenti|Bei
Regione Lombardia|Lombardia
Comune di Milano
Ministero dell'Economia|Mef
Invitalia
Sace
Fondo italiano d'investimento
Università di Bologna
Politecnico di Milano|Polimi
""".strip().split("\n")]


def bank(articles):
    """Groups of names by kind: the corpus' own and the known organisations, each longest form first."""
    groups = defaultdict(list)
    for a in articles:
        forms = defaultdict(set)
        for m in a.marks:
            if re.fullmatch(r"[opl]\d+", m.label):
                forms[m.label].add(a.text[m.start:m.end])
        for label, names in forms.items():
            groups[label[0]].append(sorted(names, key=len, reverse=True))
    groups["o"] += [g for g in KNOWN for _ in range(3)]
    return groups


def replace(article, edits):
    """The article with stretches [(start, end, new text)] replaced; edits neither overlap nor cut through a mark's edge."""
    edits = sorted(edits)
    pieces, at = [], 0
    for start, end, new in edits:
        pieces += [article.text[at:start], new]
        at = end
    pieces.append(article.text[at:])

    def moved(offset, is_end):
        shift = 0
        for start, end, new in edits:
            if end < offset or (end == offset and (is_end or start < end)):
                shift += len(new) - (end - start)
        return offset + shift

    marks = [Mark(moved(m.start, False), moved(m.end, True), m.label) for m in article.marks]
    title = moved(article.title, True) if article.title else 0
    return Article(article.id, article.lang, "".join(pieces), title, marks, article.events)


VOWELS = set("aeiouàèéìòùhAEIOUÀÈÉÌÒÙH")


def rename(article, rng, groups, share):
    """Swap a share of the names, each thing's forms together, for another thing's of the same kind."""
    forms = defaultdict(dict)
    for m in article.marks:
        if re.fullmatch(r"[opl]\d+", m.label):
            forms[m.label].setdefault(article.text[m.start:m.end], []).append((m.start, m.end))
    edits, taken = [], []
    for label, names in forms.items():
        if rng.random() > share:
            continue
        new = rng.choice(groups[label[0]])
        olds = sorted(names, key=len, reverse=True)
        for i, old in enumerate(olds):
            form = new[min(i, len(new) - 1)]
            for start, end in names[old]:
                inner = any(m.start >= start and m.end <= end and (m.start, m.end) != (start, end) for m in article.marks)
                elided = article.text[max(0, start - 1):start] in ("'", "’") and form[0] not in VOWELS
                if inner or elided or any(s < end and start < e for s, e in taken):
                    continue
                taken.append((start, end))
                edits.append((start, end, form.upper() if old.isupper() and len(old) > 5 else form))
    return replace(article, edits)


def refigure(article, rng):
    """Other digits in sums and shares; the form of the number stays."""
    edits = []
    for m in article.marks:
        if (m.label in ("money", "percent") or m.label.endswith((".value", ".valuation", ".stake"))) and rng.random() < 0.6:
            old = article.text[m.start:m.end]
            new = re.sub(r"\d", lambda d: rng.choice("123456789") if d[0] != "0" else "0", old)
            if not any(s <= m.start < e for s, e, _ in edits):
                edits.append((m.start, m.end, new))
    return replace(article, edits)


def typeset(article, rng):
    """Other quotes, apostrophes and dashes, one character for one."""
    table = rng.choice([{"'": "’", '"': "”"}, {"’": "'", "“": '"', "”": '"'}, {"«": '"', "»": '"'}, {"–": "-", "—": "-"}, {"-": "–"}])
    text = "".join(table.get(c, c) for c in article.text)
    return Article(article.id, article.lang, text, article.title, article.marks, article.events)


def shout(article):
    """The title in capitals, as some pages print it (only where capitals keep the length)."""
    head = article.text[:article.title].upper()
    if len(head) != article.title:
        return article
    return Article(article.id, article.lang, head + article.text[article.title:], article.title, article.marks, article.events)


def dirty(article, rng):
    """Scraping dirt between paragraphs."""
    edits = [(m.start(), m.start(), f"\n{rng.choice(DIRT[article.lang])}") for m in re.finditer(r"\n+", article.text)
             if rng.random() < 0.3 and m.start() > article.title]
    return replace(article, edits[:4])


def beheaded(article):
    """The article without its title, where every event is told in the body too."""
    if not article.title:
        return article
    cut = article.title + 2
    marks = [Mark(m.start - cut, m.end - cut, m.label) for m in article.marks if m.start >= cut]
    told = {m.label for m in marks}
    things = {m.label for m in marks if re.fullmatch(r"[opl]\d+", m.label)}
    for key, event in article.events.items():
        if key not in told or any(t not in things for _, t in event["participants"]):
            return article
    return Article(article.id, article.lang, article.text[cut:], 0, marks, article.events)


def joined(a, b):
    """Two articles on one page: the second one's things and events are others."""
    shift = len(a.text) + 2

    def other(label):
        return re.sub(r"^([ople])(\d+)", lambda m: f"{m[1]}{int(m[2]) + 500}", label)

    text = f"{a.text}\n\n{b.text.replace(chr(10) * 2, chr(10), 1) if b.title else b.text}"
    if b.title:
        cut = b.text.find("\n\n")
        marks = [Mark(m.start + shift - (m.start > cut), m.end + shift - (m.end > cut), other(m.label)) for m in b.marks]
    else:
        marks = [Mark(m.start + shift, m.end + shift, other(m.label)) for m in b.marks]
    events = {other(k): {**e, "participants": [(r, other(t)) for r, t in e["participants"]]} for k, e in b.events.items()}
    return Article(f"{a.id}+{b.id}", a.lang, text, a.title, a.marks + marks, {**a.events, **events})


def vary(article, rng, groups, others):
    """One article as one epoch sees it."""
    if rng.random() < 0.12:
        other = rng.choice(others)
        if other.lang == article.lang and len(article.text) + len(other.text) < 3000:
            article = joined(article, other)
    if rng.random() < 0.15:
        article = beheaded(article)
    if rng.random() < 0.55:
        article = rename(article, rng, groups, rng.choice([0.3, 0.7, 1.0]))
    if rng.random() < 0.3:
        article = refigure(article, rng)
    if rng.random() < 0.3:
        article = typeset(article, rng)
    if rng.random() < 0.06:
        article = shout(article)
    if rng.random() < 0.15:
        article = dirty(article, rng)
    return article

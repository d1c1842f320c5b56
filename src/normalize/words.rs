//! Number words under a million: how they compose and how glued compounds split.

use super::lexicon::Lexicon;

/// A number under composition from words.
#[derive(Clone, Debug)]
pub(super) struct Sum {
    thousands: u64,
    below: u64,
    /// What is added next must be less than this: 10 after tens, 100 after hundreds.
    pub(super) room: u64,
    /// The "und" of "zweiunddreißig" was just read: tens may follow units.
    inverted: bool,
    overflow: bool,
}

impl Default for Sum {
    fn default() -> Self {
        Self { thousands: 0, below: 0, room: u64::MAX, inverted: false, overflow: false }
    }
}

impl Sum {
    pub(super) fn total(&self) -> u64 {
        self.thousands.saturating_add(self.below)
    }

    pub(super) fn value(&self) -> Option<u64> {
        (!self.overflow && !self.inverted).then(|| self.total())
    }

    /// Adds a word, which may be a glued compound; says whether a half came with it.
    pub(super) fn add_word(&mut self, word: &str, lexicon: &Lexicon) -> Option<bool> {
        if word.is_empty() || word.len() > 80 {
            return None;
        }
        let (stem, half) = match lexicon.half_endings.iter().find_map(|ending| word.strip_suffix(ending)) {
            Some(stem) => (stem, true),
            None => (word, false),
        };
        for atom in segments(stem, lexicon)? {
            match atom {
                Atom::Value(value) => self.add(u64::from(value), lexicon)?,
                // "hundertundeins".
                Atom::And if matches!(self.room, 100 | 1000) => {}
                Atom::And => {
                    if self.room != 1 {
                        return None;
                    }
                    self.inverted = (1..10).contains(&(self.below % 100));
                }
            }
        }
        (!self.inverted && (!stem.is_empty() || half)).then_some(half)
    }

    fn add(&mut self, value: u64, lexicon: &Lexicon) -> Option<()> {
        let started = self.room != u64::MAX;
        match value {
            1000 if self.thousands == 0 && (self.below > 0 || !started) => {
                self.thousands = self.below.max(1).checked_mul(1000)?;
                self.below = 0;
                self.room = 1000;
            }
            100 if self.room > 100 && self.below == 0 => {
                self.below = 100;
                self.room = 100;
            }
            100 if self.below > 0 && self.below < 100 => {
                self.below *= 100;
                self.room = 100;
            }
            20 if lexicon.four_twenties && self.below % 100 == 4 && self.room == 1 => {
                self.below += 76;
                self.room = 20;
            }
            20..=90 if self.inverted => {
                self.below += value;
                self.inverted = false;
                self.room = 1;
            }
            _ if (value < self.room && value > 0 && value < 1000) || !started => {
                self.below += value;
                self.room = match value {
                    0 => 0,
                    60 | 80 => 20,
                    // "dix-sept" is written in two words.
                    10 if lexicon.four_twenties => 10,
                    v if v % 100 == 0 => 100,
                    v if v % 10 == 0 && v > 10 => 10,
                    _ => 1,
                };
            }
            _ => return None,
        }
        Some(())
    }
}

#[derive(Clone, Copy, Debug)]
enum Atom {
    Value(u32),
    And,
}

/// Splits a glued compound into number words, longest first, so that the whole word is used up.
fn segments(word: &str, lexicon: &Lexicon) -> Option<Vec<Atom>> {
    // `ways[i]`: the first atom of a full split of `word[i..]`, and where the rest starts.
    let mut ways: Vec<Option<(Atom, usize)>> = vec![None; word.len() + 1];
    for start in (0..word.len()).rev() {
        let Some(tail) = word.get(start..) else {
            continue;
        };
        let mut best: Option<(Atom, usize)> = None;
        let atoms = lexicon.numbers.iter().map(|&(w, v)| (w, Atom::Value(v)));
        let glue = lexicon.glue.iter().map(|&w| (w, Atom::And));
        for (text, atom) in atoms.chain(glue) {
            let end = start + text.len();
            let splits =
                tail.starts_with(text) && (end == word.len() || ways.get(end).is_some_and(Option::is_some));
            if splits && best.is_none_or(|(_, longest)| end > longest) {
                best = Some((atom, end));
            }
        }
        ways[start] = best;
    }
    let mut out = Vec::new();
    let mut at = 0;
    while at < word.len() {
        let (atom, end) = (*ways.get(at)?)?;
        out.push(atom);
        at = end;
    }
    Some(out)
}

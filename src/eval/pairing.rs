//! Which output event answers which gold event.

use super::event::Event;
use super::slots::{right, share_a_party};

/// The largest number of rows and columns for which every pairing is tried.
const EXACT_ROWS: usize = 6;
const EXACT_COLUMNS: usize = 7;

/// Pairs the events of a document one to one, as (gold, output) positions, so that the total
/// likeness is the highest: exactly in small documents, greedily beyond.
pub(super) fn pair(gold: &[Event], output: &[Event]) -> Vec<(usize, usize)> {
    // The shorter side gives the rows. Which side does decides between equal pairings, and the
    // order of the pairs.
    if gold.len() > output.len() {
        assign(&weights(output, gold, |o, g| likeness(g, o))).into_iter().map(|(o, g)| (g, o)).collect()
    } else {
        assign(&weights(gold, output, likeness))
    }
}

/// 0 for events with no party in common; otherwise greater the more slots agree, the type twice.
fn likeness(gold: &Event, output: &Event) -> usize {
    if !share_a_party(gold, output) {
        return 0;
    }
    1 + right(gold, output).total() + usize::from(gold.kind == output.kind)
}

fn weights(rows: &[Event], columns: &[Event], weight: impl Fn(&Event, &Event) -> usize) -> Vec<Vec<usize>> {
    rows.iter().map(|row| columns.iter().map(|column| weight(row, column)).collect()).collect()
}

/// The assignment of rows to columns of the greatest total weight, without the pairs of weight 0.
fn assign(weights: &[Vec<usize>]) -> Vec<(usize, usize)> {
    let columns = weights.first().map_or(0, Vec::len);
    if weights.len() <= EXACT_ROWS && columns <= EXACT_COLUMNS {
        let mut search = Search::new(weights, columns);
        search.descend(0);
        search.best.into_iter().enumerate().filter(|(row, column)| weights[*row][*column] > 0).collect()
    } else {
        assign_greedily(weights, columns)
    }
}

/// Tries the pairings in lexicographic order of the columns; the first of equals stays.
struct Search<'a> {
    weights: &'a [Vec<usize>],
    taken: Vec<bool>,
    chosen: Vec<usize>,
    best: Vec<usize>,
    best_total: Option<usize>,
}

impl<'a> Search<'a> {
    fn new(weights: &'a [Vec<usize>], columns: usize) -> Self {
        Self {
            weights,
            taken: vec![false; columns],
            chosen: Vec::with_capacity(weights.len()),
            best: Vec::new(),
            best_total: None,
        }
    }

    fn descend(&mut self, total: usize) {
        let Some(row) = self.weights.get(self.chosen.len()) else {
            if self.best_total.is_none_or(|best| total > best) {
                self.best_total = Some(total);
                self.best.clone_from(&self.chosen);
            }
            return;
        };
        for (column, weight) in row.iter().enumerate() {
            if self.taken[column] {
                continue;
            }
            self.taken[column] = true;
            self.chosen.push(column);
            self.descend(total + weight);
            self.chosen.pop();
            self.taken[column] = false;
        }
    }
}

/// Takes the heaviest pair that is free, again and again; equal ones by row, then column.
fn assign_greedily(weights: &[Vec<usize>], columns: usize) -> Vec<(usize, usize)> {
    let mut cells: Vec<(usize, usize, usize)> = weights
        .iter()
        .enumerate()
        .flat_map(|(row, weights)| {
            weights.iter().enumerate().map(move |(column, weight)| (*weight, row, column))
        })
        .filter(|(weight, _, _)| *weight > 0)
        .collect();
    cells.sort_by_key(|(weight, _, _)| std::cmp::Reverse(*weight));
    let mut row_taken = vec![false; weights.len()];
    let mut column_taken = vec![false; columns];
    let mut pairs = Vec::new();
    for (_, row, column) in cells {
        if !row_taken[row] && !column_taken[column] {
            row_taken[row] = true;
            column_taken[column] = true;
            pairs.push((row, column));
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn named(names: &[&str]) -> Vec<Event> {
        names
            .iter()
            .map(|name| {
                Event::from_json(json!({"type": "MERGER", "participants": [{"role": "PARTY", "name": name}]}))
                    .expect("a readable event")
            })
            .collect()
    }

    #[test]
    fn the_total_counts_not_the_heaviest_pair() {
        assert_eq!(assign(&[vec![5, 4], vec![4, 0]]), [(0, 1), (1, 0)]);
    }

    #[test]
    fn the_first_of_equal_pairings_stays() {
        assert_eq!(assign(&[vec![1, 1, 1], vec![1, 1, 1]]), [(0, 0), (1, 1)]);
        assert_eq!(assign(&[vec![0, 0], vec![0, 0]]), []);
        assert_eq!(assign(&[vec![0, 2, 2]]), [(0, 1)]);
    }

    #[test]
    fn beyond_the_exact_size_pairs_are_taken_greedily() {
        let mut weights = vec![vec![0; 8]; 2];
        weights[0][0] = 5;
        weights[0][1] = 4;
        weights[1][0] = 4;
        assert_eq!(assign(&weights), [(0, 0)]);
        weights[1][7] = 6;
        assert_eq!(assign(&weights), [(1, 7), (0, 0)]);
    }

    #[test]
    fn events_without_a_common_party_are_no_pair() {
        assert_eq!(pair(&named(&["Alfa"]), &named(&["Beta"])), []);
        assert_eq!(pair(&[], &named(&["Beta"])), []);
        assert_eq!(pair(&named(&["Alfa"]), &[]), []);
    }

    #[test]
    fn the_shorter_side_orders_the_pairs() {
        let pairs = pair(&named(&["A", "B", "C"]), &named(&["C", "A"]));
        assert_eq!(pairs, [(2, 0), (0, 1)]);
        let pairs = pair(&named(&["C", "A"]), &named(&["A", "B", "C"]));
        assert_eq!(pairs, [(0, 2), (1, 0)]);
    }
}

//! Agglomerative clustering by mean link over sparse pair probabilities.

use std::collections::HashMap;

/// Members that are looked at for the mean link of two clusters: enough for a stable mean, and no quadratic cost on the
/// hundreds of mentions of one name in a long document.
const SAMPLE: usize = 12;

/// Cluster `count` items. `link` holds the probability that two items (smaller index first) belong together; a pair
/// that it lacks says nothing. `given` are pairs that belong together in any case. Two clusters are joined while the mean
/// probability across them exceeds the threshold, the most probable pairs first.
#[must_use]
pub fn cluster(
    count: usize,
    given: &[(usize, usize)],
    link: &HashMap<(usize, usize), f32>,
    threshold: f32,
) -> Vec<Vec<usize>> {
    let mut of: Vec<usize> = (0..count).collect();
    let mut members: Vec<Vec<usize>> = (0..count).map(|i| vec![i]).collect();
    let join = |of: &mut Vec<usize>, members: &mut Vec<Vec<usize>>, a: usize, b: usize| {
        let (into, from) = if members[a].len() >= members[b].len() { (a, b) } else { (b, a) };
        let moved = std::mem::take(&mut members[from]);
        for &m in &moved {
            of[m] = into;
        }
        members[into].extend(moved);
    };
    for &(i, j) in given {
        let (a, b) = (of[i], of[j]);
        if a != b {
            join(&mut of, &mut members, a, b);
        }
    }
    let mut edges: Vec<(usize, usize, f32)> =
        link.iter().filter(|(_, p)| **p > threshold).map(|(&(i, j), &p)| (i, j, p)).collect();
    edges.sort_by(|x, y| y.2.total_cmp(&x.2).then((x.0, x.1).cmp(&(y.0, y.1))));
    for (i, j, _) in edges {
        let (a, b) = (of[i], of[j]);
        if a != b && mean_link(&members[a], &members[b], link) > threshold {
            join(&mut of, &mut members, a, b);
        }
    }
    let mut out: Vec<Vec<usize>> = members.into_iter().filter(|m| !m.is_empty()).collect();
    for m in &mut out {
        m.sort_unstable();
    }
    out.sort_by_key(|m| m[0]);
    out
}

fn mean_link(a: &[usize], b: &[usize], link: &HashMap<(usize, usize), f32>) -> f32 {
    let (mut sum, mut count) = (0.0, 0.0);
    for &i in a.iter().take(SAMPLE) {
        for &j in b.iter().take(SAMPLE) {
            if let Some(p) = link.get(&(i.min(j), i.max(j))) {
                sum += p;
                count += 1.0;
            }
        }
    }
    if count > 0.0 { sum / count } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weak_bridge_does_not_join_strong_groups() {
        let link = HashMap::from([
            ((0, 1), 0.9),
            ((2, 3), 0.9),
            ((1, 2), 0.6),
            ((0, 2), 0.1),
            ((0, 3), 0.1),
            ((1, 3), 0.1),
        ]);
        assert_eq!(cluster(5, &[], &link, 0.5), [vec![0, 1], vec![2, 3], vec![4]]);
    }

    #[test]
    fn given_pairs_are_joined_without_a_link() {
        assert_eq!(cluster(3, &[(0, 2)], &HashMap::new(), 0.5), [vec![0, 2], vec![1]]);
    }
}

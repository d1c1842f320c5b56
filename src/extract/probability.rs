//! Logits to probabilities.

/// The logistic function.
pub(super) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

/// Softmax of a slice.
pub(super) fn softmax(logits: &[f32]) -> Vec<f32> {
    let top = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f32> = logits.iter().map(|x| (x - top).exp()).collect();
    let sum: f32 = powers.iter().sum();
    powers.into_iter().map(|p| p / sum).collect()
}

/// Softmax over the given logits and a "none" whose logit is zero; gives the probabilities of the given ones.
pub(super) fn softmax_or_none(logits: &[f32]) -> Vec<f32> {
    let mut all = Vec::with_capacity(logits.len() + 1);
    all.push(0.0);
    all.extend_from_slice(logits);
    softmax(&all).split_off(1)
}

/// The index of the greatest value and the value; the first of equals.
pub(super) fn argmax(values: &[f32]) -> Option<(usize, f32)> {
    values.iter().copied().enumerate().reduce(|best, x| if x.1 > best.1 { x } else { best })
}

/// The mean of scores weighted by their own softmax: between the mean and the maximum (the recipe's `pool`).
pub(super) fn pool(scores: impl Iterator<Item = f32> + Clone) -> f32 {
    let top = scores.clone().fold(f32::NEG_INFINITY, f32::max);
    let (mut sum, mut weights) = (0.0, 0.0);
    for s in scores {
        let w = (s - top).exp();
        sum += w * s;
        weights += w;
    }
    if weights > 0.0 { sum / weights } else { f32::NEG_INFINITY }
}

/// Three decimals: more would pretend to a precision that the scores do not have.
pub(super) fn rounded(p: f32) -> f32 {
    (p * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities() {
        assert!((sigmoid(0.0) - 0.5).abs() < 1e-6);
        let p = softmax_or_none(&[0.0, 0.0]);
        assert!(p.len() == 2 && (p[0] - 1.0 / 3.0).abs() < 1e-6);
        assert_eq!(argmax(&[1.0, 3.0, 3.0]), Some((1, 3.0)));
        assert_eq!(argmax(&[]), None);
        let pooled = pool([0.0, 4.0].into_iter());
        assert!(pooled > 2.0 && pooled < 4.0, "{pooled}");
    }
}

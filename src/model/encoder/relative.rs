//! Distances between tokens, as DeBERTa buckets them.

use crate::model::ModelError;
use crate::model::config::ModelConfig;

/// How distances map to the rows of the relative embeddings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Distances {
    /// Number of buckets; `None` where every distance has its own row.
    buckets: Option<usize>,
    /// The distance that the outermost bucket stands for.
    furthest: usize,
}

impl Distances {
    /// From `position_buckets` and `max_relative_positions`; −1 stands for "none" in both.
    pub(super) fn read(config: &ModelConfig) -> Result<Self, ModelError> {
        let positive = |key: &str| -> Result<Option<usize>, ModelError> {
            Ok(config.optional::<i64>(key)?.and_then(|n| usize::try_from(n).ok()).filter(|n| *n > 0))
        };
        let furthest = match positive("max_relative_positions")? {
            Some(n) => n,
            None => config.count("max_position_embeddings")?,
        };
        let buckets = positive("position_buckets")?;
        if let Some(n @ ..2) = buckets {
            return Err(config.invalid(&format!("`position_buckets` {n} is too few")));
        }
        Ok(Self { buckets, furthest })
    }

    /// Half the number of rows of the relative embeddings.
    pub(super) fn span(&self) -> usize {
        self.buckets.unwrap_or(self.furthest)
    }

    /// The row for a distance (query − key): near ones have their own, further ones share by the logarithm.
    ///
    /// In f32, as the models were trained, lest a distance at a bucket's edge fall on the other side.
    fn row(&self, distance: i64) -> u32 {
        let span = self.span() as f32;
        let near = distance as f32;
        let bucket = match self.buckets {
            Some(buckets) => {
                let middle = (buckets / 2) as f32;
                if near.abs() <= middle {
                    near
                } else {
                    let share = (near.abs() / middle).ln() / ((self.furthest as f32 - 1.0) / middle).ln();
                    ((share * (middle - 1.0)).ceil() + middle) * near.signum()
                }
            }
            None => near,
        };
        (bucket + span).clamp(0.0, 2.0 * span - 1.0) as u32
    }

    /// The row for every pair of places of a sequence, query by query.
    pub(super) fn table(&self, length: usize) -> Vec<u32> {
        let last = length as i64 - 1;
        // From key far behind the query to key far ahead; query q reads a stretch that begins q places later.
        let rows: Vec<u32> = (-last..=last).rev().map(|distance| self.row(distance)).collect();
        (0..length)
            .flat_map(|query| rows[length - 1 - query..2 * length - 1 - query].iter().copied())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_distance_has_its_row_without_buckets() {
        let distances = Distances { buckets: None, furthest: 4 };
        assert_eq!(distances.span(), 4);
        assert_eq!(distances.table(3), [4, 3, 2, 5, 4, 3, 6, 5, 4]);
        assert_eq!([-9, -4, 3, 4, 9].map(|d| distances.row(d)), [0, 0, 7, 7, 7]);
    }

    #[test]
    fn far_distances_share_a_row() {
        // As microsoft/deberta-v3-base: 256 buckets, distances up to 512.
        let distances = Distances { buckets: Some(256), furthest: 512 };
        assert_eq!(
            [0, 1, -1, 128, 129, -129, 511, 512].map(|d| distances.row(d)),
            [256, 257, 255, 384, 385, 127, 511, 511]
        );
        let table = distances.table(600);
        assert_eq!(table.len(), 360_000);
        assert!(table.iter().all(|row| *row < 512));
        assert_eq!((table[599], table[599 * 600]), (0, 511));
    }
}

//! `--shard K/N`: the work is divided into N shards, and K, counted from 1, selects one of them.
//!
//! A hash of its name alone assigns a scene to a shard. So shards need not know of one another, each scene belongs to
//! exactly one of them, and a new scene moves no other.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Shard `number` of `of`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Shard {
    /// From 1 to `of`.
    pub(super) number: u32,
    /// The number of all shards.
    pub(super) of: u32,
}

impl Shard {
    /// Whether the shard holds the scene or picture of this name. A change here moves every scene of every batch.
    pub(super) fn holds(self, name: &str) -> bool {
        let digest = Sha256::digest(name);
        let hash = digest.iter().take(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte));
        hash % u64::from(self.of) == u64::from(self.number - 1)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers =
            text.split_once('/').and_then(|(shard, all)| Some((shard.parse().ok()?, all.parse().ok()?)));
        match numbers {
            Some((number, of)) if (1..=of).contains(&number) => Ok(Self { number, of }),
            Some((shard, all)) => Err(format!(
                "there is no shard {shard} of {all}: shards count from 1, as in 1/{}",
                u32::max(all, 1)
            )),
            None => Err("write the shard and the number of shards: 2/5".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shard(text: &str) -> Shard {
        text.parse().expect("a share")
    }

    #[test]
    fn each_name_is_in_one_shard_and_shards_are_about_equal() {
        let names: Vec<String> =
            (0..1000).map(|index| format!("damping-zeta={}", f64::from(index) / 100.0)).collect();
        for count in [1, 2, 3, 7, 40] {
            let shards: Vec<Shard> = (1..=count).map(|share| shard(&format!("{share}/{count}"))).collect();
            let mut sizes = vec![0; shards.len()];
            for name in &names {
                let holders: Vec<usize> =
                    (0..shards.len()).filter(|&index| shards[index].holds(name)).collect();
                assert_eq!(holders.len(), 1, "{name} of {count}");
                sizes[holders[0]] += 1;
            }
            let mean = names.len() / shards.len();
            assert!(sizes.iter().all(|&size| size > mean / 3 && size < mean * 2), "{count}: {sizes:?}");
        }
    }

    #[test]
    fn the_shard_of_a_name_never_changes() {
        let where_is = |name| (1..=5).find(|share| shard(&format!("{share}/5")).holds(name));
        assert_eq!(["a", "b", "damping-critical"].map(where_is), [Some(1), Some(2), Some(1)]);
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "1", "0/3", "4/3", "1/0", "-1/3", "1/2/3", "a/b", "1.5/3"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}

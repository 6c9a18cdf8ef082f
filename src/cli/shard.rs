//! A share of the work: `--shard K/N` takes the K-th of N shares, K counted from 1.
//!
//! A thing's share depends on its name and N alone. So shares know nothing of one another, together they hold everything
//! once, and a scene that is added moves no other.

use std::str::FromStr;

use sha2::{Digest, Sha256};

use super::report;

/// One of several shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shard {
    /// From 0.
    index: u64,
    count: u64,
}

impl Shard {
    /// As a report tells it.
    pub(super) fn text(self) -> report::Shard {
        report::Shard { number: self.index as u32 + 1, of: self.count as u32 }
    }

    /// Whether the thing of this name lies in the share.
    pub(super) fn holds(self, name: &str) -> bool {
        let digest = Sha256::digest(name);
        let number = digest.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte));
        number % self.count == self.index
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers =
            text.split_once('/').and_then(|(share, all)| Some((share.parse().ok()?, all.parse().ok()?)));
        match numbers {
            Some((share, all)) if (1..=all).contains(&share) => {
                Ok(Self { index: u64::from(share - 1), count: u64::from(all) })
            }
            Some((share, all)) => Err(format!(
                "there is no share {share} of {all}: shares count from 1, as in 1/{}",
                u32::max(all, 1)
            )),
            None => Err("write a share and their number: 2/5".to_owned()),
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
    fn shares_hold_everything_once_and_about_equally() {
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
    fn a_name_lies_where_it_lay() {
        // Whoever changes this moves every scene of every batch.
        let where_is = |name| (1..=5).find(|share| shard(&format!("{share}/5")).holds(name));
        assert_eq!(["a", "b", "damping-critical"].map(where_is), [Some(1), Some(2), Some(1)]);
    }

    #[test]
    fn what_is_no_share_is_refused() {
        for text in ["", "1", "0/3", "4/3", "1/0", "-1/3", "1/2/3", "a/b", "1.5/3"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}

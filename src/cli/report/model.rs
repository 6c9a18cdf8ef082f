//! The result of a comparison as plain data, with an entry for each picture.
//!
//! Pixels and frames count from 0 at the top left and at the film's beginning; rectangles hold their
//! left and top sides and leave out the right and the bottom.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use crate::cli::shard::Shard;

/// The result of comparing a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Verdict {
    /// Equal to its reference, within the tolerance.
    Same,
    /// Different from its reference.
    Changed,
    /// Without a reference.
    Missing,
    /// A reference that no scene makes.
    Orphaned,
    /// Not rendered or compared because of an error.
    Failed,
}

/// The result of a comparison.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Report {
    /// Ordered by picture, each once.
    pub(crate) entries: Vec<ReportEntry>,
    /// The shards that the pictures belong to; empty if the work was not divided.
    pub(crate) shards: Vec<Shard>,
}

/// A picture, or a scene that could not be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ReportEntry {
    /// Its path as people know it; that of the scene where the scene could not be read.
    pub(crate) picture: String,
    pub(crate) verdict: Verdict,
    /// The scene's file; none for orphans.
    pub(crate) scene: Option<String>,
    pub(crate) variant: Option<String>,
    /// Line and column in the scene's file, from 1: where the output is written, or where the error is.
    #[serde(rename = "place")]
    pub(crate) line: Option<(usize, usize)>,
    /// Short sentences: why, with the remedy where there is one.
    pub(crate) reasons: Vec<String>,
    /// In device pixels.
    pub(crate) size: Option<(u32, u32)>,
    /// How many frames the picture has; 0 if that is unknown.
    pub(crate) frames: usize,
    /// Every frame that differs at all, in order.
    pub(crate) differing: Vec<DifferingFrame>,
    /// Some of the frames as pictures, in order.
    #[serde(skip)]
    pub(crate) shown: Vec<ShownFrame>,
}

impl ReportEntry {
    /// An entry with a verdict and nothing else.
    pub(crate) fn new(picture: String, verdict: Verdict) -> Self {
        Self {
            picture,
            verdict,
            scene: None,
            variant: None,
            line: None,
            reasons: Vec::new(),
            size: None,
            frames: 0,
            differing: Vec::new(),
            shown: Vec::new(),
        }
    }
}

/// The difference of a frame.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct DifferingFrame {
    pub(crate) index: usize,
    /// The number of pixels that differ.
    pub(crate) pixels: u64,
    /// The share of all pixels, from 0 to 1.
    pub(crate) share: f64,
    /// The largest difference of a channel.
    pub(crate) worst: u8,
    /// The smallest rectangle around all differences: left, top, right, bottom.
    pub(crate) bounds: [u32; 4],
    /// Whether it is more than the tolerance allows.
    pub(crate) fails: bool,
}

/// A frame as PNGs; one that does not exist is empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct ShownFrame {
    pub(crate) index: usize,
    #[serde(with = "super::base64_text", default)]
    pub(crate) expected: Vec<u8>,
    #[serde(with = "super::base64_text", default)]
    pub(crate) actual: Vec<u8>,
    #[serde(with = "super::base64_text", default)]
    pub(crate) difference: Vec<u8>,
}

impl Verdict {
    /// The order of counts.
    pub(super) const ALL: [Self; 5] =
        [Self::Same, Self::Changed, Self::Missing, Self::Orphaned, Self::Failed];
    /// The most severe first.
    pub(super) const BY_SEVERITY: [Self; 5] =
        [Self::Failed, Self::Changed, Self::Missing, Self::Orphaned, Self::Same];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Changed => "changed",
            Self::Missing => "missing",
            Self::Orphaned => "orphaned",
            Self::Failed => "failed",
        }
    }
}

impl Report {
    /// A report of entries in any order, of one shard or of undivided work.
    pub(crate) fn new(mut entries: Vec<ReportEntry>, shard: Option<Shard>) -> Self {
        entries.sort_by(|one, other| one.key().cmp(&other.key()));
        Self { entries, shards: shard.into_iter().collect() }
    }

    pub(super) fn with_verdict(&self, verdict: Verdict) -> impl Iterator<Item = &ReportEntry> {
        self.entries.iter().filter(move |entry| entry.verdict == verdict)
    }

    /// The most severe verdict.
    pub(super) fn worst(&self) -> Verdict {
        let found = |verdict: &Verdict| self.with_verdict(*verdict).next().is_some();
        Verdict::BY_SEVERITY.into_iter().find(found).unwrap_or(Verdict::Same)
    }

    /// The shards that are missing.
    pub(super) fn missing_shards(&self) -> Vec<Shard> {
        let mut divisions: Vec<u32> = self.shards.iter().map(|shard| shard.of).collect();
        divisions.sort_unstable();
        divisions.dedup();
        let all = divisions.into_iter().flat_map(|of| (1..=of).map(move |number| Shard { number, of }));
        all.filter(|shard| !self.shards.contains(shard)).collect()
    }
}

impl ReportEntry {
    /// The identity of an entry for merging. Variants of a scene that
    /// could not be read have no picture yet that would tell them apart.
    pub(super) fn key(&self) -> (&str, Option<&str>) {
        let unread = self.scene.as_ref() == Some(&self.picture);
        (&self.picture, self.variant.as_deref().filter(|_| unread))
    }

    /// The frame that differs most.
    pub(super) fn worst(&self) -> Option<&DifferingFrame> {
        self.differing.iter().min_by_key(|frame| frame.rank())
    }

    /// The frames that are shown, the worst first; those that do not differ, as of missing pictures, come
    /// last and in order.
    pub(super) fn ranked(&self) -> Vec<&ShownFrame> {
        let mut frames: Vec<&ShownFrame> = self.shown.iter().collect();
        frames.sort_by_key(|frame| {
            let difference = self.difference(frame.index);
            (difference.is_none(), difference.map(DifferingFrame::rank), frame.index)
        });
        frames
    }

    /// How a frame differs, if it does.
    pub(super) fn difference(&self, index: usize) -> Option<&DifferingFrame> {
        self.differing.iter().find(|frame| frame.index == index)
    }
}

impl DifferingFrame {
    /// Lower is worse: what fails first, then what differs in more pixels, then by more, then the earlier.
    pub(super) fn rank(&self) -> impl Ord + use<> {
        (Reverse(self.fails), Reverse(self.pixels), Reverse(self.worst), self.index)
    }
}

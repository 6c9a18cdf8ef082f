//! A scene and its pictures, with the figures that the pictures share.

use std::path::PathBuf;

use kymograph::panel::{Figure, FigureOptions};
use kymograph::scene::Scene;
use kymograph::scene::diagnostic::Diagnostic;

use super::console::{Console, FrameCount};
use super::failure::Failure;
use super::group::{self, Group, GroupResult};
use super::load::LocatedError;
use super::picture::Picture;
use super::timings::{ReadTimes, Timings};

/// A scene and its pictures.
pub(super) struct Job {
    /// The file of the scene.
    pub(super) path: PathBuf,
    pub(super) scene: Scene,
    pub(super) pictures: Vec<Picture>,
    /// When the scene was read and checked.
    pub(super) read: ReadTimes,
}

/// A scene that could not be read or checked.
pub(super) struct FailedScene {
    pub(super) path: PathBuf,
    pub(super) error: LocatedError,
}

impl Job {
    /// The pictures that have to be rendered, grouped by what is rendered together.
    pub(super) fn groups(&self) -> Vec<Group<'_>> {
        group::groups(&self.scene, &self.pictures)
    }

    /// The frames of the job, and the number of times that one is drawn or coded.
    pub(super) fn frame_count(&self) -> FrameCount {
        self.groups().iter().map(|group| group::frame_count(&self.scene, group)).sum()
    }

    /// Reports why a picture, or its whole group, could not be made.
    pub(super) fn report_failure(&self, failure: Failure, picture: &Picture, console: &Console) {
        if !matches!(failure, Failure::Closed) {
            console.scene_error(failure.diagnostic(&picture.output), self.scene.sources.clone());
        }
    }
}

/// The figures of a scene, one for each scale: pictures of one scale share its curves and labels.
pub(super) struct FigureCache<'s> {
    scene: &'s Scene,
    is_draft: bool,
    threads: usize,
    known: Vec<(f64, Figure<'s>)>,
}

impl<'s> FigureCache<'s> {
    pub(super) fn new(scene: &'s Scene, threads: usize) -> Self {
        Self { scene, is_draft: false, threads, known: Vec::new() }
    }

    /// The figures of a draft.
    pub(super) fn drafts(scene: &'s Scene, threads: usize) -> Self {
        Self { is_draft: true, ..Self::new(scene, threads) }
    }

    fn get(&mut self, scale: f64) -> Result<&Figure<'s>, Diagnostic> {
        let known = self.known.iter().position(|(known, _)| *known == scale);
        let index = known.unwrap_or(self.known.len());
        if known.is_none() {
            let options = FigureOptions { scale, is_draft: self.is_draft, threads: self.threads };
            self.known.push((scale, Figure::with_options(self.scene, options)?));
        }
        Ok(&self.known[index].1)
    }

    /// Renders a group with the figure of its scale.
    pub(super) fn render(
        &mut self,
        group: &Group<'_>,
        timings: &Timings<'_>,
        make: impl FnOnce(&Figure<'s>) -> GroupResult,
    ) -> GroupResult {
        timings.begin_stage("lay out");
        let scale = group.first().map_or(self.scene.canvas.scale, |picture| picture.scale(self.scene));
        make(self.get(scale).map_err(Failure::Scene)?)
    }
}

//! One picture of a scene: its output, its target, and whether it is fresh.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

use kymograph::files;
use kymograph::printable::name;
use kymograph::scene::resolve::sequence_name;
use kymograph::scene::{Format, Output, Scene};
use kymograph::stamp::Stamp;

use super::artifact::{Artifact, TempLocation};
use super::console::{Console, bytes, seconds};
use super::failure::Failure;
use super::target::Target;
use super::video::{self, Video};

/// One picture of a scene.
pub(super) struct Picture {
    pub(super) output: Output,
    /// `None` is standard output.
    pub(super) target: Option<Target>,
    /// Whether the file exists and has the stamp that it would get now.
    pub(super) fresh: bool,
}

/// The stamp of a file; `None` if it has none or cannot be read.
pub(super) fn stamp_of(file: &Path) -> Option<Stamp> {
    Stamp::read(&mut files::open(file).ok()?).ok()?
}

impl Picture {
    /// The path as the user wrote it, for data. Messages print it with `printable::name`.
    pub(super) fn shown(&self) -> String {
        let path = self.target.as_ref().map_or(&self.output.path, |target| &target.display);
        path.to_string_lossy().into_owned()
    }

    /// The names of its files; none on standard output.
    pub(super) fn names(&self, scene: &Scene) -> Vec<String> {
        match &self.target {
            None => Vec::new(),
            Some(target) if self.output.format == Format::PngSequence => {
                (0..scene.timeline.frames).map(|index| sequence_name(target.name(), index)).collect()
            }
            Some(target) => vec![target.name().to_owned()],
        }
    }

    /// Its files, without links in their folder; none on standard output.
    pub(super) fn files(&self, scene: &Scene) -> Vec<PathBuf> {
        let names = self.names(scene);
        self.target.iter().flat_map(|target| names.iter().map(|name| target.file(Some(name)))).collect()
    }

    /// Whether all its files exist and have the stamps that they would get now.
    pub(super) fn is_fresh(&self, scene: &Scene) -> bool {
        let (stamp, files) = (scene.stamp(&self.output), self.files(scene));
        let expected = |index| match self.output.format {
            Format::Png | Format::Svg => stamp.for_frame(scene.frame_of(&self.output)),
            Format::PngSequence => stamp.for_frame(index),
            Format::Gif | Format::Apng | Format::Webp | Format::Mp4 | Format::Webm | Format::SvgFilm => stamp,
        };
        let carries = |(index, file): (usize, &PathBuf)| stamp_of(file) == Some(expected(index));
        !files.is_empty() && files.iter().enumerate().all(carries)
    }

    /// Checks that the program that it needs is installed. An error is the reason and the remedy.
    pub(super) fn check_program(&self) -> Result<(), (String, String)> {
        if Video::from_format(self.output.format).is_some() { video::probe() } else { Ok(()) }
    }

    /// Checks that it can be written, before rendering begins. An error is the reason and the remedy.
    pub(super) fn check_writable(&self) -> Result<(), (String, String)> {
        self.check_program()?;
        let Some(target) = &self.target else { return Ok(()) };
        target.probe().map_err(|error| {
            let why = format!("{} cannot be written: {error}", name(&target.display));
            (why, "choose another folder, or change its permissions".to_owned())
        })
    }

    /// Its number of frames.
    pub(super) fn frames(&self, scene: &Scene) -> usize {
        if self.output.format.is_still() { 1 } else { scene.timeline.frames }
    }

    /// Reports that the picture is fresh.
    pub(super) fn report_fresh(&self, console: &Console) {
        console.info(&format!("{}: fresh", name(&self.shown())));
    }

    /// Reports the finished picture: size, frames, bytes and time.
    pub(super) fn report_done(&self, scene: &Scene, size: u64, begun: Instant, console: &Console) {
        let Some(target) = &self.target else { return };
        let (width, height) = self.size(scene);
        let frames = match self.output.format {
            Format::Png | Format::Svg => String::new(),
            Format::Gif
            | Format::Apng
            | Format::Webp
            | Format::Mp4
            | Format::Webm
            | Format::PngSequence
            | Format::SvgFilm => format!(", {} frames", scene.timeline.frames),
        };
        let took = seconds(begun.elapsed());
        let shown = name(&target.display);
        console.info(&format!("{shown}: {width} × {height}{frames}, {}, {took}", bytes(size)));
    }

    /// Its width and height in device pixels.
    pub(super) fn size(&self, scene: &Scene) -> (u32, u32) {
        scene.canvas.at_scale(self.scale(scene)).device_size()
    }

    /// Its device pixels per CSS pixel.
    pub(super) fn scale(&self, scene: &Scene) -> f64 {
        self.output.scale.unwrap_or(scene.canvas.scale)
    }

    /// Moves the finished picture to its target, or writes it to standard output. Returns its size in bytes.
    pub(super) fn deliver(&self, made: Artifact, stdout: &Mutex<()>) -> Result<u64, Failure> {
        let Some(target) = &self.target else {
            let _alone = stdout.lock();
            return made.print();
        };
        made.publish(target)
            .map_err(|error| Failure::File(format!("{} cannot be written: {error}", name(&target.display))))
    }

    /// The location of its temporary files.
    pub(super) fn temp_location(&self) -> TempLocation<'_> {
        self.target.as_ref().map_or(TempLocation::System, TempLocation::Beside)
    }
}

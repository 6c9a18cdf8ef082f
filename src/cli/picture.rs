//! One picture on its way: a figure's frames into the file that an output names.

use std::fs::File;
use std::io::{self, Seek, Write};
use std::path::PathBuf;
use std::time::Instant;

use kymograph::draw::mark::Mark;
use kymograph::encode::{Coding, EncodeError, Stamp};
use kymograph::film::{Page, Reel, Watch};
use kymograph::panel::Figure;
use kymograph::scene::diagnostic::Diagnostic;
use kymograph::scene::resolve::sequence_name;
use kymograph::scene::{Format, Output, Scene};

use super::console::{Console, bytes, seconds};
use super::jobs::at_output;
use super::made::{Made, Workshop};
use super::render::Manner;
use super::target::Place;
use super::timings::Timings;
use super::video::{self, Video};

/// One picture to make.
pub(super) struct Picture {
    pub(super) output: Output,
    /// None is standard output.
    pub(super) place: Option<Place>,
    /// It is there already, and made from what it would be made from now.
    pub(super) fresh: bool,
}

/// A film under way: its frames, and how they are played.
pub(super) struct Film<'a> {
    pub(super) reel: Reel,
    page: Page<'a>,
    pub(super) marks: &'a (dyn Fn(usize) -> Result<Vec<Mark>, Failure> + Sync),
    threads: usize,
    pub(super) timings: &'a Timings<'a>,
}

impl Film<'_> {
    /// The marks of frames, each of which is a step.
    pub(super) fn stepping(&self) -> impl FnMut(usize) -> Result<Vec<Mark>, Failure> {
        |index| {
            self.timings.step();
            (self.marks)(index)
        }
    }

    fn code(&self, coding: Coding, writer: impl Write + Seek) -> Result<(), Failure> {
        self.reel.write_on(self.threads, coding, writer, &self.marks, self.timings)
    }
}

/// Why a picture could not be made.
pub(super) enum Failure {
    Scene(Diagnostic),
    File(String),
    /// Whoever reads standard output has gone.
    Closed,
}

impl Failure {
    /// What to tell about it.
    pub(super) fn diagnostic(self, output: &Output) -> Diagnostic {
        match self {
            Self::Scene(diagnostic) => diagnostic,
            Self::File(why) => at_output(Diagnostic::new(why), output),
            Self::Closed => Diagnostic::new("nobody reads standard output any more"),
        }
    }
}

impl From<EncodeError> for Failure {
    fn from(error: EncodeError) -> Self {
        match error {
            EncodeError::Io(error) if error.kind() == io::ErrorKind::BrokenPipe => Self::Closed,
            error => Self::File(error.to_string()),
        }
    }
}

impl Picture {
    /// Its name as people know it.
    pub(super) fn shown(&self) -> String {
        self.place.as_ref().map_or(&self.output.path, |place| &place.shown).display().to_string()
    }

    /// The names of its files; none on standard output.
    pub(super) fn names(&self, scene: &Scene) -> Vec<String> {
        match &self.place {
            None => Vec::new(),
            Some(place) if self.output.format == Format::PngSequence => {
                (0..scene.clock.frames).map(|index| sequence_name(place.name(), index)).collect()
            }
            Some(place) => vec![place.name().to_owned()],
        }
    }

    /// Its files, without links in their folder; none on standard output.
    pub(super) fn files(&self, scene: &Scene) -> Vec<PathBuf> {
        let names = self.names(scene);
        self.place.iter().flat_map(|place| names.iter().map(|name| place.file(Some(name)))).collect()
    }

    /// Whether all its files are there and made from what they would be made from now.
    pub(super) fn is_fresh(&self, scene: &Scene) -> bool {
        let (stamp, files) = (scene.stamp(&self.output), self.files(scene));
        let expected = |index| match self.output.format {
            Format::Png | Format::Svg => stamp.of_frame(scene.frame_of(&self.output)),
            Format::PngSequence => stamp.of_frame(index),
            Format::Gif | Format::Apng | Format::Webp | Format::Mp4 | Format::Webm | Format::SvgFilm => stamp,
        };
        let carries = |(index, file): (usize, &PathBuf)| {
            let found = File::open(file).and_then(|mut file| Stamp::of(&mut file));
            found.is_ok_and(|found| found == Some(expected(index)))
        };
        !files.is_empty() && files.iter().enumerate().all(carries)
    }

    /// Whether there is the other program that it needs, if it needs one; if not, why and the remedy.
    pub(super) fn needs(&self) -> Result<(), (String, String)> {
        if Video::of(self.output.format).is_some() { video::probe() } else { Ok(()) }
    }

    /// Whether it can be made and written, asked before hours of rendering; if not, why and the remedy.
    pub(super) fn probe(&self) -> Result<(), (String, String)> {
        self.needs()?;
        let Some(place) = &self.place else { return Ok(()) };
        place.probe().map_err(|error| {
            let why = format!("{} cannot be written: {error}", place.shown.display());
            (why, "choose another folder, or change its permissions".to_owned())
        })
    }

    /// How many frames have to be drawn.
    pub(super) fn passes(&self, scene: &Scene) -> usize {
        if self.fresh {
            return 0;
        }
        match self.output.format {
            Format::Gif | Format::Apng => 2 * scene.clock.frames,
            Format::Webp | Format::Mp4 | Format::Webm | Format::PngSequence | Format::SvgFilm => {
                scene.clock.frames
            }
            Format::Png | Format::Svg => 1,
        }
    }

    /// How many frames it has.
    pub(super) fn frames(&self, scene: &Scene) -> usize {
        if self.output.format.is_still() { 1 } else { scene.clock.frames }
    }

    /// A line of news about a picture that need not be made.
    pub(super) fn tell_fresh(&self, console: &Console) {
        console.say(&format!("{}: fresh", self.shown()));
    }

    /// A line of news about it.
    pub(super) fn tell(&self, scene: &Scene, size: u64, begun: Instant, console: &Console) {
        let Some(place) = &self.place else { return };
        let (width, height) = scene.canvas.at_scale(self.scale(scene)).device_size();
        let frames = match self.output.format {
            Format::Png | Format::Svg => String::new(),
            Format::Gif
            | Format::Apng
            | Format::Webp
            | Format::Mp4
            | Format::Webm
            | Format::PngSequence
            | Format::SvgFilm => format!(", {} frames", scene.clock.frames),
        };
        let took = seconds(begun.elapsed());
        let name = place.shown.display();
        console.say(&format!("{name}: {width} × {height}{frames}, {}, {took}", bytes(size)));
    }

    /// Its device pixels per CSS pixel.
    pub(super) fn scale(&self, scene: &Scene) -> f64 {
        self.output.scale.unwrap_or(scene.canvas.scale)
    }

    /// Makes the picture and puts it where it goes; its size in bytes.
    pub(super) fn write(
        &self,
        figure: &Figure<'_>,
        manner: &Manner<'_>,
        timings: &Timings<'_>,
    ) -> Result<u64, Failure> {
        let Some(place) = &self.place else {
            let _alone = manner.output.lock();
            return self.make(figure, Workshop::Apart, manner, timings)?.print();
        };
        let made = self.make(figure, Workshop::Beside(place), manner, timings)?;
        timings.next("put the picture in its place");
        made.publish(place)
            .map_err(|error| Failure::File(format!("{} cannot be written: {error}", place.shown.display())))
    }

    /// Makes the picture.
    pub(super) fn make(
        &self,
        figure: &Figure<'_>,
        workshop: Workshop<'_>,
        manner: &Manner<'_>,
        timings: &Timings<'_>,
    ) -> Result<Made, Failure> {
        let scene = figure.scene();
        let marks = |index: usize| figure.marks(index).map_err(Failure::Scene);
        let reel = Reel { stamp: Some(scene.stamp(&self.output)), ..figure.reel() };
        // The span's end may be left out because nothing moves there.
        let seamless = || scene.clock.is_seamless() && figure.marks(scene.clock.frames).is_ok();
        let page = Page {
            scale: self.scale(scene),
            title: scene.alt.as_deref(),
            seamless: self.output.format == Format::SvgFilm && seamless(),
        };
        let film = Film { reel, page, marks: &marks, threads: manner.threads, timings };
        if let Some(video) = Video::of(self.output.format) {
            return video::write(video, workshop, &film).map(Made::Video);
        }
        if self.output.format == Format::PngSequence {
            return sequence(workshop, &film);
        }
        let mut draft = workshop.draft();
        let mut writer = io::BufWriter::new(&mut draft);
        self.code(scene, &film, &mut writer)?;
        writer.flush().map_err(EncodeError::Io)?;
        drop(writer);
        Ok(Made::One(draft))
    }

    fn code(&self, scene: &Scene, film: &Film<'_>, writer: impl Write + Seek) -> Result<(), Failure> {
        match self.output.format {
            Format::Gif => film.code(Coding::Gif, writer),
            Format::Apng => film.code(Coding::Apng, writer),
            Format::Webp => film.code(Coding::Webp, writer),
            Format::Png | Format::PngSequence => {
                film.timings.next("draw and code the frame");
                film.reel.write_still(scene.frame_of(&self.output), writer, film.marks)
            }
            // Asked for beforehand: video has a file, and no writer.
            Format::Mp4 | Format::Webm => Err(Failure::File("video needs a file of its own".to_owned())),
            Format::Svg => {
                film.timings.next("draw and write the frame");
                film.reel.write_svg(scene.frame_of(&self.output), &film.page, writer, film.marks)
            }
            Format::SvgFilm => {
                film.timings.next("draw and write the frames");
                film.reel.write_svg_film(&film.page, writer, film.stepping())
            }
        }
    }
}

/// All stills first, then all names: a failure leaves the sequence that was there.
fn sequence(workshop: Workshop<'_>, film: &Film<'_>) -> Result<Made, Failure> {
    let mut all = workshop.draft();
    let mut lengths = Vec::new();
    film.timings.next("draw and code the frames");
    film.reel.write_stills(film.marks, |bytes| -> Result<(), Failure> {
        film.timings.step();
        lengths.push(bytes.len() as u64);
        Ok(all.write_all(bytes).map_err(EncodeError::Io)?)
    })?;
    Ok(Made::Many(all, lengths))
}

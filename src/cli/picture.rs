//! One picture on its way: a figure's frames into the file that an output names.

use std::io::{self, Cursor, Seek, Write};
use std::time::Instant;

use kymograph::draw::mark::Mark;
use kymograph::encode::EncodeError;
use kymograph::film::{Page, Reel, Watch};
use kymograph::panel::Figure;
use kymograph::scene::diagnostic::Diagnostic;
use kymograph::scene::resolve::sequence_name;
use kymograph::scene::{Format, Output, Scene};

use super::console::{Console, bytes, seconds};
use super::render::Manner;
use super::target::Place;
use super::timings::Timings;
use super::video::{self, Video};

/// One picture to make.
pub(super) struct Picture {
    pub(super) output: Output,
    /// None is standard output.
    pub(super) place: Option<Place>,
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
}

/// Why a picture could not be made.
pub(super) enum Failure {
    Scene(Diagnostic),
    File(String),
    /// Whoever reads standard output has gone.
    Closed,
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
    /// How many frames have to be drawn.
    pub(super) fn passes(&self, scene: &Scene) -> usize {
        match self.output.format {
            Format::Gif | Format::Apng => 2 * scene.clock.frames,
            Format::Webp | Format::Mp4 | Format::Webm | Format::PngSequence | Format::SvgFilm => {
                scene.clock.frames
            }
            Format::Png | Format::Svg => 1,
        }
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

    /// Makes the picture; its size in bytes.
    pub(super) fn render(
        &self,
        figure: &Figure<'_>,
        manner: &Manner<'_>,
        timings: &Timings<'_>,
    ) -> Result<u64, Failure> {
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
        if let Some(place) = &self.place {
            return self.to_file(place, scene, &film);
        }
        let _alone = manner.output.lock();
        self.to_stdout(scene, &film)
    }

    fn write(&self, scene: &Scene, film: &Film<'_>, writer: impl Write + Seek) -> Result<(), Failure> {
        match self.output.format {
            Format::Gif => film.reel.write_gif_on(film.threads, writer, &film.marks, film.timings),
            Format::Apng => film.reel.write_apng_on(film.threads, writer, &film.marks, film.timings),
            Format::Webp => {
                film.timings.next("draw and code the frames");
                film.reel.write_webp(writer, film.stepping())
            }
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

    fn to_stdout(&self, scene: &Scene, film: &Film<'_>) -> Result<u64, Failure> {
        let mut bytes = Cursor::new(Vec::new());
        self.write(scene, film, &mut bytes)?;
        let bytes = bytes.into_inner();
        let mut stdout = io::stdout().lock();
        stdout.write_all(&bytes).and_then(|()| stdout.flush()).map_err(EncodeError::Io)?;
        Ok(bytes.len() as u64)
    }

    fn to_file(&self, place: &Place, scene: &Scene, film: &Film<'_>) -> Result<u64, Failure> {
        let unwritten = |place: &Place, error: io::Error| {
            Failure::File(format!("{} cannot be written: {error}", place.shown.display()))
        };
        if self.output.format == Format::PngSequence {
            return write_sequence(place, film, &unwritten);
        }
        if let Some(video) = Video::of(self.output.format) {
            return video::write(video, place, film);
        }
        let mut draft = place.draft();
        let mut writer = io::BufWriter::new(&mut draft);
        self.write(scene, film, &mut writer)?;
        film.timings.next("put the picture in its place");
        writer.flush().map_err(|error| unwritten(place, error))?;
        drop(writer);
        place.publish(draft).map_err(|error| unwritten(place, error))
    }
}

/// All stills first, then all names: a failure leaves the sequence that was there.
fn write_sequence(
    place: &Place,
    film: &Film<'_>,
    unwritten: &dyn Fn(&Place, io::Error) -> Failure,
) -> Result<u64, Failure> {
    let mut all = place.draft();
    let mut lengths = Vec::new();
    film.timings.next("draw and code the frames");
    film.reel.write_stills(film.marks, |bytes| {
        film.timings.step();
        lengths.push(bytes.len() as u64);
        all.write_all(bytes).map_err(|error| unwritten(place, error))
    })?;
    place
        .publish_all(all, &lengths, |index| sequence_name(place.name(), index))
        .map_err(|error| unwritten(place, error))
}

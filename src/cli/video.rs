//! Films as video, MP4 or `WebM`, by the program ffmpeg: frames go to its standard input, never to the disk.
//!
//! These codecs have no transparency and no odd sides, and show every frame equally long. So transparent backgrounds are
//! blended with the matte, an odd side is padded by a pixel of background, and the last frame is repeated while it is
//! held. ffmpeg writes to a temporary file next to the target, because an MP4 is not written in order.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::process::{ChildStdin, Command, Stdio};

use kymograph::animation::Animation;
use kymograph::raster::over;
use kymograph::raster::{Raster, Rgba};
use kymograph::scene::{Canvas, Format};
use kymograph::stamp::Stamp;
use kymograph::timing::Timing;
use tempfile::NamedTempFile;

use super::artifact::TempLocation;
use super::failure::Failure;
use super::interrupt::{ChildGuard, Temporary};

/// The number of lines of ffmpeg's error output that are shown: the last ones hold the reason.
const MAX_ERROR_LINES: usize = 6;

/// Threads of the encoders. It is fixed because their output depends on it, and films must not depend on the machine.
const THREADS: &str = "4";

/// Quality over size: coding errors are most visible on thin lines. Colors lose half of their sharpness anyway, because
/// players expect one color for four pixels (`yuv420p`).
const MP4: &str = "-c:v libx264 -preset medium -crf 16 -tune animation -movflags +faststart -f mp4";
const WEBM: &str = "-c:v libvpx-vp9 -crf 20 -b:v 0 -deadline good -cpu-used 3 -f webm";

/// A kind of video.
#[derive(Clone, Copy, Debug)]
pub(super) enum Video {
    /// H.264 in MP4.
    Mp4,
    /// VP9 in `WebM`.
    Webm,
}

impl Video {
    /// The video format of an output format, if it is one.
    pub(super) fn from_format(format: Format) -> Option<Self> {
        match format {
            Format::Mp4 => Some(Self::Mp4),
            Format::Webm => Some(Self::Webm),
            Format::Gif
            | Format::Apng
            | Format::Webp
            | Format::Png
            | Format::PngSequence
            | Format::Svg
            | Format::SvgFilm => None,
        }
    }
}

/// Checks that ffmpeg is installed, before rendering begins. An error is the reason and the remedy.
pub(super) fn probe() -> Result<(), (String, String)> {
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg
        .args(["-hide_banner", "-version"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    ffmpeg.status().map(drop).map_err(|error| not_running(&error))
}

/// The reason why ffmpeg does not run, and the remedy.
fn not_running(error: &io::Error) -> (String, String) {
    let why = match error.kind() {
        io::ErrorKind::NotFound => "there is none on the PATH".to_owned(),
        _ => format!("it does not run: {error}"),
    };
    let remedy = "install ffmpeg, or write .gif, .apng or .webp, which need no other program";
    (format!("video is made by the program ffmpeg, and {why}"), remedy.to_owned())
}

/// Decodes a video to an APNG, so that its frames can be compared.
pub(super) fn decode_to_apng(video: &Path) -> Result<File, String> {
    let failed = |error: io::Error| format!("ffmpeg does not run: {error}");
    let out = Temporary::new(NamedTempFile::new).map_err(failed)?;
    let mut stderr = tempfile::tempfile().map_err(failed)?;
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-v", "error", "-nostdin", "-y", "-threads", THREADS, "-i"]).arg(as_file(video));
    ffmpeg.args(["-pix_fmt", "rgb24", "-f", "apng"]).arg(as_file(out.path()));
    let output = ffmpeg.stdin(Stdio::null()).stdout(Stdio::null());
    output.stderr(stderr.try_clone().map_err(failed)?);
    let process = ChildGuard::new(|| output.spawn()).map_err(failed)?;
    let status = process.lock().wait().map_err(failed)?;
    if status.success() {
        out.reopen().map_err(failed)
    } else {
        Err(format!("ffmpeg fails ({status}): {}", last_error_lines(&mut stderr)))
    }
}

/// The background of a video, made opaque by the matte.
pub(super) fn background(canvas: &Canvas) -> Rgba {
    over(Rgba { a: u8::MAX, ..canvas.matte }, canvas.background, u8::MAX)
}

/// A side rounded up to an even length.
fn even(length: u32) -> u32 {
    length.next_multiple_of(2)
}

fn arguments(video: Video, animation: &Animation, stamp: Stamp, target: &Path) -> Vec<OsString> {
    let (width, height) = animation.size;
    let size = format!("{}x{}", even(width), even(height));
    let rate = animation.timing.fps.to_string();
    let mut arguments = vec!["-v", "error", "-nostdin", "-y", "-f", "rawvideo", "-pixel_format", "rgb24"];
    arguments.extend(["-video_size", &size, "-framerate", &rate, "-i", "pipe:0"]);
    // Without these tags, players guess one of two color spaces.
    let colors = "scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int+bitexact";
    let filter = format!("{colors},format=yuv420p");
    arguments.extend([
        "-vf",
        &filter,
        "-colorspace",
        "bt709",
        "-color_primaries",
        "bt709",
        "-color_trc",
        "bt709",
    ]);
    arguments.extend(["-color_range", "tv", "-an", "-threads", THREADS]);
    // No dates, names of versions or random numbers: equal films are equal bytes.
    arguments.extend(["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact"]);
    let stamp = format!("comment={stamp}");
    arguments.extend(["-metadata", &stamp]);
    let coder = match video {
        Video::Mp4 => MP4,
        Video::Webm => WEBM,
    };
    arguments.extend(coder.split_whitespace());
    let mut arguments: Vec<OsString> = arguments.into_iter().map(OsString::from).collect();
    arguments.push(as_file(target));
    arguments
}

/// A path as a `file:` URL, so that ffmpeg takes no path for another URL or an option.
fn as_file(path: &Path) -> OsString {
    let mut file = OsString::from("file:");
    file.push(path);
    file
}

/// A running ffmpeg, and the file that it writes.
pub(super) struct Ffmpeg {
    run: ChildGuard,
    target: Temporary<NamedTempFile>,
    /// `None` after the last frame.
    frames: Option<BufWriter<ChildStdin>>,
    /// Standard error goes to a temporary file, which never fills up as a pipe does.
    stderr: File,
    animation: Animation,
    /// The number of frames written.
    written: usize,
    /// The buffer of one frame.
    bytes: Vec<u8>,
}

impl Ffmpeg {
    /// Starts ffmpeg for the frames of a film with an opaque background.
    pub(super) fn start(
        video: Video,
        location: TempLocation<'_>,
        animation: &Animation,
        stamp: Stamp,
    ) -> Result<Self, Failure> {
        let unwritten = |error: io::Error| Failure::File(format!("no video can be written here: {error}"));
        let target = location.named().map_err(unwritten)?;
        let failed = |error: io::Error| Failure::File(format!("ffmpeg does not run: {error}"));
        let stderr = tempfile::tempfile().map_err(failed)?;
        let mut command = Command::new("ffmpeg");
        command
            .args(arguments(video, animation, stamp, target.path()))
            .stdin(Stdio::piped())
            .stdout(Stdio::null());
        command.stderr(stderr.try_clone().map_err(failed)?);
        let run = ChildGuard::new(|| command.spawn()).map_err(|error| {
            let (why, remedy) = not_running(&error);
            Failure::File(format!("{why}; {remedy}"))
        })?;
        let frames = run.lock().stdin.take().map(BufWriter::new);
        Ok(Self { run, target, frames, stderr, animation: *animation, written: 0, bytes: Vec::new() })
    }

    /// Writes the next frame, as often as it is shown. After an error, `finish` returns the reason.
    pub(super) fn write_frame(&mut self, image: &Raster) -> io::Result<()> {
        let Some(input) = &mut self.frames else { return Ok(()) };
        picture(image, self.animation.background, &mut self.bytes);
        let times = repeats(&self.animation.timing, self.written);
        self.written += 1;
        (0..times).try_for_each(|_| input.write_all(&self.bytes))
    }

    /// Waits for ffmpeg and returns the file. `frames_written` says whether all frames were written.
    pub(super) fn finish(mut self, frames_written: bool) -> Result<Temporary<NamedTempFile>, Failure> {
        let flushed = self.frames.take().is_none_or(|mut input| input.flush().is_ok());
        let failed = |error: io::Error| Failure::File(format!("ffmpeg does not end: {error}"));
        let status = self.run.lock().wait().map_err(failed)?;
        if frames_written && flushed && status.success() {
            Ok(self.target)
        } else {
            Err(Failure::File(format!("ffmpeg fails ({status}): {}", last_error_lines(&mut self.stderr))))
        }
    }
}

/// The last lines of ffmpeg's error output.
fn last_error_lines(file: &mut File) -> String {
    let mut stderr = Vec::new();
    let read = file.seek(SeekFrom::Start(0)).and_then(|_| file.read_to_end(&mut stderr));
    let stderr = String::from_utf8_lossy(&stderr);
    let lines: Vec<&str> = stderr.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    if read.is_err() || lines.is_empty() {
        return "it does not say why".to_owned();
    }
    lines[lines.len().saturating_sub(MAX_ERROR_LINES)..].join("\n")
}

/// How often a frame is written: once, and the last one as long as the film holds it.
fn repeats(timing: &Timing, index: usize) -> u64 {
    let held = if index + 1 == timing.frames { timing.hold } else { 0.0 };
    1 + (held * timing.fps).round() as u64
}

/// A picture as bytes of three channels, padded to even sides.
fn picture(image: &Raster, background: Rgba, bytes: &mut Vec<u8>) {
    let (width, height) = (image.width(), image.height());
    let pad = [background.r, background.g, background.b];
    bytes.clear();
    for row in image.pixels().chunks_exact(width as usize) {
        bytes.extend(row.iter().flat_map(|pixel| [pixel.r, pixel.g, pixel.b]));
        bytes.extend(pad.repeat((even(width) - width) as usize));
    }
    bytes.extend(pad.repeat((even(width) * (even(height) - height)) as usize));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_frame_is_told_while_it_is_held() {
        let timing = Timing { frames: 3, fps: 25.0, hold: 0.5 };
        assert_eq!([0, 1, 2].map(|index| repeats(&timing, index)), [1, 1, 14]);
    }

    #[test]
    fn odd_sides_are_padded_with_background() {
        let mut bytes = Vec::new();
        picture(&Raster::filled(1, 1, Rgba::BLACK), Rgba::opaque(1, 2, 3), &mut bytes);
        assert_eq!(bytes, [0, 0, 0, 1, 2, 3, 1, 2, 3, 1, 2, 3]);
        picture(&Raster::filled(2, 2, Rgba::WHITE), Rgba::BLACK, &mut bytes);
        assert_eq!(bytes, [255; 12]);
    }
}

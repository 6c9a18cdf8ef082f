//! Stamps: every format stores what a picture was made from at its end, and its pixels do not depend on it.

use std::io::{Cursor, Write as _};

use image::AnimationDecoder;
use image::codecs::gif::GifDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use kymograph::animation::{AnimationFormat, EncodeOptions};
use kymograph::encode::EncodeError;
use kymograph::film::{AnimationOutput, RenderResources};
use kymograph::panel::Figure;
use kymograph::scene::Scene;
use kymograph::stamp::Stamp;
use kymograph::svg::{self, SvgOptions};

use crate::support::scenes::{BUSY, figure, parse_scene_with};

fn stamp() -> Stamp {
    Stamp::new(std::array::from_fn(|index| 255 - index as u8))
}

/// A film of a few small frames.
fn small() -> Scene {
    parse_scene_with(BUSY, &["animate.frames=6", "canvas.scale=1"])
}

type Write<'a> = dyn Fn(&mut Cursor<Vec<u8>>) -> Result<(), EncodeError> + 'a;

/// The files of a film, one of each format, with the name of the format.
fn files(figure: &Figure<'_>, stamp: Option<Stamp>) -> Vec<(&'static str, Vec<u8>)> {
    let animation = figure.animation();
    let options = |stamp| SvgOptions { scale: 1.0, title: None, seamless: false, in_steps: false, stamp };
    let marks = |index: usize| Ok::<_, EncodeError>(figure.marks(index).expect("marks"));
    let file = |write: &Write<'_>| {
        let mut file = Cursor::new(Vec::new());
        write(&mut file).expect("a file");
        file.into_inner()
    };
    let film = |format| {
        file(&|file| {
            let print = AnimationOutput::File(EncodeOptions { stamp, ..EncodeOptions::exact(format) }, file);
            animation.render(RenderResources::threads(2), vec![print], &marks, &())?.remove(0)
        })
    };
    let of_frame = stamp.map(|stamp| stamp.for_frame(3));
    vec![
        ("gif", film(AnimationFormat::Gif)),
        ("apng", film(AnimationFormat::Apng)),
        ("webp", film(AnimationFormat::Webp)),
        ("png", file(&|file| animation.write_still(3, of_frame, file, marks))),
        (
            "svg",
            file(&|file| {
                Ok(file.write_all(svg::still(&animation, &options(of_frame), marks(3)?).as_bytes())?)
            }),
        ),
        (
            "animated svg",
            file(&|file| Ok(file.write_all(svg::animated(&animation, &options(stamp), marks)?.as_bytes())?)),
        ),
    ]
}

fn read(file: &[u8]) -> Option<Stamp> {
    Stamp::read(&mut Cursor::new(file)).expect("memory can be read")
}

fn frames<'a>(decoder: impl AnimationDecoder<'a>) -> Vec<Vec<u8>> {
    let frames = decoder.into_frames().collect_frames().expect("sound frames");
    frames.into_iter().map(|frame| frame.into_buffer().into_raw()).collect()
}

/// The decoded frames of a file; of an SVG, its lines without the metadata.
fn shown(name: &str, file: &[u8]) -> Vec<Vec<u8>> {
    let file = Cursor::new(file);
    match name {
        "gif" => frames(GifDecoder::new(file).expect("a GIF")),
        "apng" => frames(PngDecoder::new(file).expect("a PNG").apng().expect("animated")),
        "webp" => frames(WebPDecoder::new(file).expect("a WebP")),
        "png" => vec![image::load(file, image::ImageFormat::Png).expect("a PNG").into_rgba8().into_raw()],
        _ => {
            let text = std::str::from_utf8(file.into_inner()).expect("text");
            roxmltree::Document::parse(text).expect("well-formed");
            text.lines().filter(|line| !line.starts_with("<metadata>")).map(Into::into).collect()
        }
    }
}

#[test]
fn every_format_carries_its_stamp_without_changing_a_pixel() {
    let scene = small();
    let figure = figure(&scene);
    let (stamped, plain) = (files(&figure, Some(stamp())), files(&figure, None));
    for ((name, stamped), (_, plain)) in stamped.iter().zip(&plain) {
        let expected = if ["png", "svg"].contains(name) { stamp().for_frame(3) } else { stamp() };
        assert_eq!(read(stamped), Some(expected), "{name}");
        assert_eq!(read(plain), None, "{name}");
        assert!(stamped.len() > plain.len() && stamped.len() < plain.len() + 150, "{name}");
        assert!(shown(name, stamped) == shown(name, plain), "{name}");
    }
}

#[test]
fn a_truncated_file_has_no_stamp() {
    let scene = small();
    for (name, file) in files(&figure(&scene), Some(stamp())) {
        let ends = (1..200).map(|cut| file.len() - cut).chain((0..file.len()).step_by(997));
        for end in ends {
            assert_eq!(read(&file[..end]), None, "{end} of {} bytes of a {name}", file.len());
        }
    }
}

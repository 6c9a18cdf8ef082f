//! Pictures kept as PNGs in `tests/goldens/` and compared pixel by pixel.
//!
//! A picture that differs is written to `target/tmp/goldens/` with a second one beside it in which the
//! pixels that differ are red over the faded golden. `BLESS=1` makes the present pictures the goldens.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use image::RgbaImage;
use kymograph::encode::write_png;
use kymograph::raster::Raster;

/// A golden is a small thing to look at, not an archive.
const MOST_BYTES: u64 = 10 * 1024;

/// Asserts that a picture is the golden of this name.
pub(crate) fn assert_golden(name: &str, picture: &Raster) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let golden = root.join("tests/goldens").join(name).with_extension("png");
    if std::env::var_os("BLESS").is_some() {
        write(&golden, picture);
    }
    let kept = image::open(&golden).map(image::DynamicImage::into_rgba8);
    let kept = kept.unwrap_or_else(|error| panic!("{}: {error}; BLESS=1 writes it", golden.display()));
    let size = golden.metadata().expect("a file").len();
    assert!(size <= MOST_BYTES, "{} has {size} bytes", golden.display());
    let drawn = image_of(picture);
    if kept != drawn {
        let [actual, difference] = leave(name, &kept, &drawn, picture);
        panic!(
            "{name} differs from {}\n  drawn: {}\n  differences: {}\nBLESS=1 accepts what is drawn",
            golden.display(),
            actual.display(),
            difference.display()
        );
    }
}

fn write(path: &Path, picture: &Raster) {
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder to write to");
    write_png(picture, None, BufWriter::new(File::create(path).expect("a file to write"))).expect("a PNG");
}

fn image_of(picture: &Raster) -> RgbaImage {
    let bytes = picture.pixels().iter().flat_map(|p| [p.r, p.g, p.b, p.a]).collect();
    RgbaImage::from_raw(picture.width(), picture.height(), bytes).expect("as many bytes as pixels")
}

/// Writes what was drawn and where it differs.
fn leave(name: &str, kept: &RgbaImage, drawn: &RgbaImage, picture: &Raster) -> [PathBuf; 2] {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("goldens");
    let [actual, difference] = ["drawn", "differs"].map(|what| folder.join(format!("{name}-{what}.png")));
    write(&actual, picture);
    let (width, height) = (kept.width().max(drawn.width()), kept.height().max(drawn.height()));
    let map = RgbaImage::from_fn(width, height, |x, y| {
        let at = |image: &RgbaImage| image.get_pixel_checked(x, y).copied();
        match (at(kept), at(drawn)) {
            (Some(old), Some(new)) if old == new => image::Rgba(old.0.map(|c| 192 + c / 4)),
            _ => image::Rgba([220, 0, 0, 255]),
        }
    });
    map.save(&difference).expect("a PNG");
    [actual, difference]
}

//! Pictures that are drawn compared with committed PNGs, pixel by pixel.
//!
//! A picture that differs is written to `target/tmp/goldens/`, with a second one beside it in which the differing
//! pixels are red. `SNAPSHOTS=overwrite cargo test` accepts the present pictures.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Seek};
use std::path::Path;

use kymograph::encode::write_png;
use kymograph::golden::{PictureDecoder, difference_image};
use kymograph::raster::Raster;
use kymograph::tolerance::Tolerance;
use snapbox::assert::{Action, DEFAULT_ACTION_ENV};

/// Goldens are small, so that they can be many.
const MOST_BYTES: usize = 10 * 1024;

/// Asserts that a picture has the pixels of the golden of that name, and that the golden is small.
pub(crate) fn assert_golden(name: &str, drawn: &Raster) {
    let size = png(drawn).len();
    assert!(size <= MOST_BYTES, "{name} takes {size} bytes");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens");
    assert_picture(&folder.join(name).with_extension("png"), drawn);
}

/// Asserts that a picture has the pixels of a committed PNG.
pub(crate) fn assert_picture(committed: &Path, drawn: &Raster) {
    let accepted = read(committed);
    if accepted.as_ref() == Some(drawn) {
        return;
    }
    if Action::with_env_var(DEFAULT_ACTION_ENV) == Some(Action::Overwrite) {
        fs::write(committed, png(drawn)).expect("a writable picture");
        return;
    }
    let name = committed.file_stem().expect("a name").to_string_lossy();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("goldens");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join(format!("{name}-drawn.png")), png(drawn)).expect("a picture");
    if let Some(map) = accepted.and_then(|accepted| difference_image(&accepted, drawn, &Tolerance::NONE)) {
        fs::write(folder.join(format!("{name}-differs.png")), png(&map)).expect("a picture");
    }
    panic!(
        "{} differs; look at {name}-*.png in {}. Update with {DEFAULT_ACTION_ENV}=overwrite",
        committed.display(),
        folder.display()
    );
}

/// The accepted picture; none where there is no readable file.
fn read(path: &Path) -> Option<Raster> {
    decode(BufReader::new(File::open(path).ok()?))
}

/// The first picture of a file; none if the file is not a picture.
pub(crate) fn decode(file: impl BufRead + Seek) -> Option<Raster> {
    let mut picture = PictureDecoder::open(file).ok()?;
    let frame = picture.next_frame().ok()??;
    Some(frame.image.clone())
}

fn png(picture: &Raster) -> Vec<u8> {
    let mut file = Vec::new();
    write_png(picture, None, &mut file).expect("a PNG");
    file
}

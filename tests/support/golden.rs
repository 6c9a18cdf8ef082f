//! Pictures kept as PNGs in `tests/goldens/` and compared pixel by pixel.
//!
//! A picture that differs is written to `target/tmp/goldens/`, with a second one beside it in which the differing
//! pixels are red. `SNAPSHOTS=overwrite cargo test` accepts the present pictures.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::Path;

use kymograph::encode::write_png;
use kymograph::golden::{PictureDecoder, difference_image};
use kymograph::raster::Raster;
use kymograph::tolerance::Tolerance;
use snapbox::assert::{Action, DEFAULT_ACTION_ENV};

/// Goldens are small, so that they can be many.
const MOST_BYTES: usize = 10 * 1024;

/// Asserts that a picture has the pixels of the golden of that name.
pub(crate) fn assert_golden(name: &str, drawn: &Raster) {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens").join(name).with_extension("png");
    let png = png(drawn);
    assert!(png.len() <= MOST_BYTES, "{name} takes {} bytes", png.len());
    let accepted = read(&golden);
    if accepted.as_ref() == Some(drawn) {
        return;
    }
    if Action::with_env_var(DEFAULT_ACTION_ENV) == Some(Action::Overwrite) {
        fs::write(&golden, png).expect("a golden");
        return;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("goldens");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join(format!("{name}-drawn.png")), png).expect("a picture");
    if let Some(map) = accepted.and_then(|accepted| difference_image(&accepted, drawn, &Tolerance::NONE)) {
        fs::write(folder.join(format!("{name}-differs.png")), self::png(&map)).expect("a picture");
    }
    panic!(
        "{name} differs from {}; look at {name}-*.png in {}. Update with {DEFAULT_ACTION_ENV}=overwrite",
        golden.display(),
        folder.display()
    );
}

/// The accepted picture; none where there is no readable file.
fn read(path: &Path) -> Option<Raster> {
    let mut picture = PictureDecoder::open(BufReader::new(File::open(path).ok()?)).ok()?;
    let frame = picture.next_frame().ok()??;
    Some(frame.image.clone())
}

fn png(picture: &Raster) -> Vec<u8> {
    let mut file = Vec::new();
    write_png(picture, None, &mut file).expect("a PNG");
    file
}

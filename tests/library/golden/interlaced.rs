//! An interlaced film, assembled chunk by chunk because no encoder among the dependencies writes one.

use kymograph::raster::Raster;

use super::damaged::correct_checksums;
use super::layers::{self, Disposal, Layer};
use super::playing::played;
use crate::support::film::Noise;

/// A pass: its first pixel, and the steps to the next column and row.
struct Pass {
    left: usize,
    top: usize,
    across: usize,
    down: usize,
}

const PASSES: [Pass; 7] = [
    Pass { left: 0, top: 0, across: 8, down: 8 },
    Pass { left: 4, top: 0, across: 8, down: 8 },
    Pass { left: 0, top: 4, across: 4, down: 8 },
    Pass { left: 2, top: 0, across: 4, down: 4 },
    Pass { left: 0, top: 2, across: 2, down: 4 },
    Pass { left: 1, top: 0, across: 2, down: 2 },
    Pass { left: 0, top: 1, across: 1, down: 2 },
];

/// The rows of a picture in the order of the passes, each after a filter byte of 0.
fn rows(picture: &Raster) -> Vec<u8> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let mut data = Vec::new();
    for Pass { left, top, across, down } in PASSES {
        for y in (top..height).step_by(down).filter(|_| left < width) {
            data.push(0);
            let row = picture.row(y as i32, 0, width as i32).iter().skip(left).step_by(across);
            data.extend(row.flat_map(|p| [p.r, p.g, p.b, p.a]));
        }
    }
    data
}

/// A zlib stream of stored blocks.
fn stored(data: &[u8]) -> Vec<u8> {
    let length = data.len() as u16;
    let (low, high) = data.iter().fold((1, 0), |(low, high), &byte| {
        let low = (low + u32::from(byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    let sum = (high << 16 | low).to_be_bytes();
    [&[0x78, 1, 1][..], &length.to_le_bytes(), &(!length).to_le_bytes(), data, &sum].concat()
}

fn chunk(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    [&(content.len() as u32).to_be_bytes()[..], &name, content, &[0; 4]].concat()
}

fn numbers(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

#[test]
fn interlaced_frames_smaller_than_the_canvas_are_read() {
    let noise = &mut Noise(1);
    for (place, size) in [((4, 3), (3, 2)), ((0, 0), (9, 7)), ((8, 6), (1, 1)), ((2, 0), (5, 7))] {
        let mut layer = |place, size| {
            let picture = layers::speckled(noise, size, &[255]);
            Layer { place, picture, over: false, disposal: Disposal::Keep, delay: 4 }
        };
        let film = [layer((0, 0), (9, 7)), layer(place, size)];
        let control = |number: u32, layer: &Layer| {
            let (width, height) = (layer.picture.width(), layer.picture.height());
            let fields = numbers(&[number, width, height, layer.place.0, layer.place.1]);
            chunk(*b"fcTL", &[&fields[..], &[0, 4, 0, 100, 0, 0]].concat())
        };
        let mut file = [
            b"\x89PNG\r\n\x1a\n".to_vec(),
            chunk(*b"IHDR", &[&numbers(&[9, 7])[..], &[8, 6, 0, 0, 1]].concat()),
            chunk(*b"acTL", &numbers(&[2, 0])),
            control(0, &film[0]),
            chunk(*b"IDAT", &stored(&rows(&film[0].picture))),
            control(1, &film[1]),
            chunk(*b"fdAT", &[numbers(&[2]), stored(&rows(&film[1].picture))].concat()),
            chunk(*b"IEND", &[]),
        ]
        .concat();
        correct_checksums(&mut file);
        let frames: Vec<Raster> = played(&file).0.into_iter().map(|(frame, _)| frame).collect();
        assert!(frames == layers::composed((9, 7), &film), "{place:?} {size:?}");
    }
}

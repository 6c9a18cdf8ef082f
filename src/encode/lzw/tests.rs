//! Tests of the LZW encoder against the textbook encoder and the decoder of the `gif` crate.

use std::collections::HashMap;
use std::io::Cursor;
use std::ops::Range;

use super::{KEPT_CODES, LzwEncoder, PackedIndices, Palette};

/// Code stream of pixels of which only those in `fixed` are fixed.
fn encoded(indices: &[u8], fixed: &[Range<usize>]) -> Vec<u8> {
    LzwEncoder::new().encode(&PackedIndices::new(indices.to_vec(), fixed.iter().cloned()))
}

/// Code stream of fixed pixels.
fn encoded_without_choice(indices: &[u8]) -> Vec<u8> {
    encoded(indices, std::slice::from_ref(&(0..indices.len())))
}

/// Pixels that the `gif` crate decodes from a code stream.
fn decoded(buffer: Vec<u8>, width: usize) -> Vec<u8> {
    let (width, buffer) = (width as u16, buffer.into());
    let mut file = gif::Encoder::new(Vec::new(), width, 1, &[0; 768]).expect("a small file");
    let frame = gif::Frame { width, height: 1, buffer, ..gif::Frame::default() };
    file.write_lzw_pre_encoded_frame(&frame).expect("to memory");
    let mut options = gif::DecodeOptions::new();
    options.check_lzw_end_code(true);
    let file = Cursor::new(file.into_inner().expect("to memory"));
    let mut decoder = options.read_info(file).expect("a header");
    decoder.read_next_frame().expect("a sound frame").expect("one frame").buffer.to_vec()
}

/// Textbook LZW encoder: strings in a map, one index at a time. The dictionary is cleared `clears` times, some codes after it is
/// full, and then kept.
fn textbook_encoded(indices: &[u8], bits: u32, mut clears: usize) -> Vec<u8> {
    let clear = 1_u16 << bits;
    let singles = || (0..clear).map(|index| (vec![index as u8], index)).collect::<HashMap<_, _>>();
    let (mut strings, mut next, mut width) = (singles(), clear + 2, bits + 1);
    let mut codes = vec![(clear, width)];
    let (mut string, mut kept_codes) = (Vec::new(), 0);
    for &index in indices {
        string.push(index);
        if strings.contains_key(&string) {
            continue;
        }
        codes.push((strings[&string[..string.len() - 1]], width));
        let string = std::mem::replace(&mut string, vec![index]);
        if next < 4095 {
            strings.insert(string, next);
            next += 1;
            width += u32::from(u32::from(next) > 1 << width);
        } else if clears > 0 && kept_codes == KEPT_CODES {
            codes.push((clear, 12));
            (strings, next, width, kept_codes) = (singles(), clear + 2, bits + 1, 0);
            clears -= 1;
        } else {
            kept_codes += 1;
        }
    }
    codes.push((strings[&string], width));
    codes.push((clear + 1, (width + u32::from(u32::from(next) + 1 > 1 << width)).min(12)));
    let stream = codes.iter().flat_map(|&(code, width)| (0..width).map(move |bit| code >> bit & 1 == 1));
    let bytes = stream.collect::<Vec<bool>>();
    let byte = |bits: &[bool]| bits.iter().rev().fold(0, |byte, &bit| byte << 1 | u8::from(bit));
    std::iter::once(bits as u8).chain(bytes.chunks(8).map(byte)).collect()
}

/// Deterministic noise.
fn noise(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
    *state >> 33
}

#[test]
fn runs_of_every_length_round_trip() {
    for length in (1..400).chain([4_093, 4_096, 65_535]) {
        let indices = vec![3; length];
        let found = decoded(encoded_without_choice(&indices), length);
        assert_eq!(found, indices, "{length} equal indices");
    }
}

#[test]
fn noise_round_trips_at_every_code_size_and_width() {
    let state = &mut 1;
    for colors in [1, 2, 3, 4, 5, 16, 17, 128, 129, 256] {
        for length in (1..600).step_by(7).chain(3_700..3_860).chain([60_000]) {
            let indices: Vec<u8> = (0..length).map(|_| (noise(state) % colors) as u8).collect();
            let found = decoded(encoded_without_choice(&indices), length);
            assert!(found == indices, "{length} indices of {colors}");
        }
    }
}

#[test]
fn free_pixels_decode_as_their_color_or_clear_and_free_runs_cost_nothing() {
    let state = &mut 3;
    for (longest, colors) in [(1, 4), (6, 9), (40, 30), (3_000, 200)] {
        let (mut indices, mut fixed) = (Vec::new(), Vec::new());
        while indices.len() < 50_000 {
            let (index, free) = (1 + noise(state) % colors, !noise(state).is_multiple_of(3));
            let length = (1 + noise(state) % longest).min(50_000 - indices.len() as u64) as usize;
            let start = indices.len();
            indices.extend(std::iter::repeat_n(index as u8, length));
            if !free {
                fixed.push(start..indices.len());
            }
        }
        let chosen = encoded(&indices, &fixed);
        let found = decoded(chosen.clone(), indices.len());
        let mut clear = vec![Palette::CLEAR; indices.len()];
        for range in &fixed {
            clear[range.clone()].copy_from_slice(&indices[range.clone()]);
        }
        let fits = |index: usize| [indices[index], clear[index]].contains(&found[index]);
        assert!((0..indices.len()).all(fits), "runs of up to {longest}");
        // Noise and short runs contain no patterns to choose from.
        if longest <= super::LONG_RUN as u64 {
            continue;
        }
        let (chosen, plain) = (chosen.len(), encoded_without_choice(&clear).len());
        assert!(chosen <= plain + plain / 100, "runs of up to {longest}: {chosen} bytes, {plain}");
    }
}

#[test]
fn free_pixels_with_long_indices_do_not_make_codes_longer() {
    let state = &mut 5;
    for (highest_fixed, code_size) in [(1, 2), (3, 2), (4, 3), (63, 6), (64, 7), (255, 8)] {
        let indices: Vec<u8> = (0..9_000)
            .map(|at| if at % 7 == 0 { (noise(state) % 256) as u8 } else { highest_fixed - (at % 2) as u8 })
            .collect();
        let fixed: Vec<_> = (0..9_000).step_by(7).map(|at| at + 1..(at + 7).min(9_000)).collect();
        let stream = encoded(&indices, &fixed);
        assert_eq!(stream[0], code_size, "{highest_fixed}");
        for (at, (found, own)) in decoded(stream, indices.len()).into_iter().zip(indices).enumerate() {
            assert!(found == own || at % 7 == 0 && found == Palette::CLEAR, "{highest_fixed}: {at}");
        }
    }
}

#[test]
fn packed_indices_encode_to_the_same_stream() {
    let state = &mut 9;
    // With few colors, fixed runs often continue into free pixels that are omitted.
    for (longest, colors) in [(30, 2), (90, 2), (300, 3), (3_000, 40)] {
        let (mut indices, mut fixed) = (Vec::new(), Vec::new());
        for _ in 0..400 {
            let (index, free) = (noise(state) % colors, noise(state).is_multiple_of(2));
            let start = indices.len();
            indices.extend(std::iter::repeat_n(index as u8, 1 + (noise(state) % longest) as usize));
            if !free {
                fixed.push(start..indices.len());
            }
        }
        let mut packed = PackedIndices::new(indices.clone(), fixed.iter().cloned());
        assert_eq!(packed.pack(), indices);
        assert!(packed.stored().len() < indices.len() && packed.len() == indices.len());
        let stream = LzwEncoder::new().encode(&packed);
        assert!(stream == encoded(&indices, &fixed), "runs of up to {longest}");
    }
}

#[test]
fn runs_among_noise_encode_like_the_textbook_encoder() {
    let state = &mut 7;
    for longest in [2, 10, 300] {
        let mut indices = Vec::new();
        while indices.len() < 60_000 {
            let (index, length) = (noise(state) % 9, 1 + noise(state) % longest);
            indices.extend(std::iter::repeat_n(index as u8, length as usize));
        }
        indices.truncate(60_000);
        let stream = encoded_without_choice(&indices);
        // The encoder may keep a full dictionary to the end, where that is shorter.
        let textbook: Vec<_> = (0..20).map(|clears| textbook_encoded(&indices, 4, clears)).collect();
        assert!(textbook.contains(&stream) && stream.len() <= textbook[19].len(), "runs of up to {longest}");
        assert!(decoded(stream, indices.len()) == indices, "runs of up to {longest}");
    }
}

#[test]
fn a_full_dictionary_is_kept_to_the_end_if_its_strings_return() {
    let state = &mut 11;
    let period: Vec<u8> = (0..3_000).map(|_| (noise(state) % 200) as u8).collect();
    let indices = period.repeat(3);
    let stream = encoded_without_choice(&indices);
    assert!(stream == textbook_encoded(&indices, 8, 0));
    assert!(stream.len() < textbook_encoded(&indices, 8, 99).len());
    assert!(decoded(stream, indices.len()) == indices);
}

#[test]
fn a_reused_encoder_writes_the_same_stream() {
    let mut coder = LzwEncoder::new();
    let state = &mut 5;
    for (colors, length) in [(200, 9_000), (3, 40), (200, 9_000), (17, 1)] {
        let indices: Vec<u8> = (0..length).map(|_| (noise(state) % colors) as u8).collect();
        let indices = PackedIndices::new(indices, []);
        let again = coder.encode(&indices);
        assert_eq!(again, LzwEncoder::new().encode(&indices));
    }
}

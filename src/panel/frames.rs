//! Work on many frames before the first one is drawn, on several threads.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use crate::parallel;
use crate::scene::Scene;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::model::Env;

/// The number of frames that are run before all others. The first one may solve systems; the second one tells what each of the
/// others takes.
const FRAMES_ALONE: usize = 2;

/// The results of `run` for some frames of a scene, in their order, on this many threads.
///
/// # Errors
/// The first error in the order of the frames. It is the same for any number of threads: each frame counts its work by
/// itself, and the counts are added up in order.
pub(super) fn for_each_frame<'s, R: Send>(
    (scene, threads): (&'s Scene, usize),
    frames: &[usize],
    run: impl Fn(&Env<'s>, usize) -> Result<R, Diagnostic> + Sync,
) -> Result<Vec<R>, Diagnostic> {
    let run_alone = |frame: usize| run(&scene.env(frame)?, frame);
    let meter = scene.model.work();
    let (first, frames) = frames.split_at(frames.len().min(FRAMES_ALONE));
    let mut results = Vec::with_capacity(first.len() + frames.len());
    let mut work = 0;
    for frame in first {
        let before = meter.spent();
        results.push(run_alone(*frame)?);
        work = meter.spent() - before;
    }
    // On several threads, frames would be run in vain beyond the limit.
    let is_beyond = meter.spent().saturating_add(work.saturating_mul(frames.len() as u64)) > meter.limit();
    if threads <= 1 || is_beyond {
        for frame in frames {
            results.push(run_alone(*frame)?);
        }
        return Ok(results);
    }
    // Frames after one with an error are left out, and those beyond the limit of work.
    let failed = AtomicUsize::new(frames.len());
    let spent = AtomicU64::new(meter.spent());
    let ran = parallel::map(&mut vec![(); threads], frames.len(), |(), index| {
        if index > failed.load(Ordering::Relaxed) || spent.load(Ordering::Relaxed) > meter.limit() {
            return None;
        }
        let counted = scene.frame_env(frames[index]).and_then(|env| {
            let result = run(&env, frames[index])?;
            spent.fetch_add(env.work().spent(), Ordering::Relaxed);
            Ok((result, env.work().spent()))
        });
        if counted.is_err() {
            failed.fetch_min(index, Ordering::Relaxed);
        }
        counted.ok()
    });
    let in_order = |(counted, frame): (Option<(R, u64)>, &usize)| match counted {
        Some((result, work)) if meter.spent() + work <= meter.limit() => {
            meter.charge(work).map_or_else(|_| run_alone(*frame), |()| Ok(result))
        }
        _ => run_alone(*frame),
    };
    for result in ran.into_iter().zip(frames).map(in_order) {
        results.push(result?);
    }
    Ok(results)
}

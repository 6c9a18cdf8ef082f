//! The state that the jobs of one command share.

use std::sync::Mutex;

use super::console::Console;
use super::job::Job;

/// Console, threads and options of the jobs of one command.
pub(super) struct RenderContext<'a> {
    pub(super) console: &'a Console,
    /// Held while a picture is written to standard output.
    pub(super) stdout: Mutex<()>,
    /// The number of threads for one picture.
    pub(super) threads: usize,
    /// Whether to report where the time of each picture went.
    pub(super) timings: bool,
    /// Whether the pictures are drafts.
    pub(super) draft: bool,
}

impl<'a> RenderContext<'a> {
    /// The context of `jobs` on `threads` threads, which the jobs share. Starts the progress bar.
    pub(super) fn new(jobs: &[Job], threads: usize, console: &'a Console) -> Self {
        console.set_frames(jobs.iter().map(Job::frame_count).sum());
        let threads = (threads / jobs.len().max(1)).max(1);
        Self { console, stdout: Mutex::new(()), threads, timings: false, draft: false }
    }
}

//! Threads, memory and disk that rendering may use.

use crate::film::change_store::NewScratchFile;

/// Default memory for changes: about three hundred frames that change twelve thousand pixels each.
pub(super) const CHANGE_BUDGET: usize = 2 << 20;

/// Resources that rendering may use.
#[derive(Clone, Copy)]
pub struct RenderResources<'a> {
    /// Number of threads.
    pub threads: usize,
    /// Bytes of memory for the changes of frames between drawing and encoding.
    pub(super) change_budget: usize,
    /// Creates a file for the changes that exceed the memory. Without it, their frames are drawn twice.
    pub scratch_file: Option<NewScratchFile<'a>>,
}

impl<'a> RenderResources<'a> {
    /// Some threads, and no scratch file.
    #[must_use]
    pub fn threads(threads: usize) -> Self {
        Self { threads, change_budget: CHANGE_BUDGET, scratch_file: None }
    }

    /// Adds a scratch file. Files and pictures do not depend on it.
    #[must_use]
    pub fn with_scratch_file(self, create: NewScratchFile<'a>) -> Self {
        Self { scratch_file: Some(create), ..self }
    }
}

//! Files of data that a scene names: read from where its bases may lie, and kept among its sources, so that errors can
//! point into them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::scene::bases::Bases;
use crate::scene::diagnostic::Diagnostic;
use crate::scene::source::{FileId, OVERRIDE, Sources};
use crate::scene::value_reader::ValueReader;
use crate::system::FileText;

/// The files of data of one scene.
pub(super) struct DataFiles<'a> {
    /// The folders they may lie in; `None` if none can be read.
    bases: Option<&'a Bases>,
    sources: &'a mut Sources,
}

impl<'a> DataFiles<'a> {
    pub(super) fn new(bases: Option<&'a Bases>, sources: &'a mut Sources) -> Self {
        Self { bases, sources }
    }

    /// Reads the file that a value names. Its path is relative to the file in which the value stands; one from the
    /// command line is relative to the scene.
    pub(super) fn read(&mut self, item: ValueReader<'_>) -> Result<(FileId, Arc<FileText>), Diagnostic> {
        let origin = item.origin();
        let path = self.folder(origin.file).join(item.string()?.as_str());
        let Some(bases) = self.bases else {
            return Err(Diagnostic::new("files of data cannot be read here")
                .at(origin)
                .help("read the scene from a file"));
        };
        let scene = self.sources.first().map_or(PathBuf::new(), |scene| PathBuf::from(scene.name()));
        let text = bases.read_data(&path, &scene).map_err(|diagnostic| diagnostic.at(origin))?;
        let name = path.to_string_lossy().into_owned();
        let id = self.sources.add_data(name.clone(), text);
        let text = self.sources.get(id).text().to_owned();
        Ok((id, Arc::new(FileText { name, text })))
    }

    /// The folder of a file of the scene.
    fn folder(&self, file: FileId) -> PathBuf {
        let source = self.sources.get(file);
        let named = if source.name() == OVERRIDE { self.sources.first() } else { Some(source) };
        let parent = named.and_then(|source| Path::new(source.name()).parent());
        parent.map(Path::to_owned).unwrap_or_default()
    }
}

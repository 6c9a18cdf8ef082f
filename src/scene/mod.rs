//! From a TOML file to a scene in which wrong values cannot exist.
//!
//! `load` reads the files a scene is made of into one `tree`, in which every value knows its place
//! in its `source`. A `reader` takes the tree's tables apart key by key and refuses what nobody asked
//! for; whatever is wrong becomes a `diagnostic` that shows the line and says what to write instead.

pub mod colour;
pub mod content;
pub mod diagnostic;
pub mod expr;
pub mod item;
pub mod label;
pub mod load;
pub mod model;
pub mod number;
pub mod reader;
pub mod source;
pub mod suggest;
pub mod syntax;
pub mod tree;

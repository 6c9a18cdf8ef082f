//! Code that several test modules share.

pub(crate) mod film;
pub(crate) mod golden;
pub(crate) mod ink;
pub(crate) mod scenes;

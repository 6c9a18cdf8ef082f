//! Laws of golden pictures: files are played as viewers play them, damage is told, and two films differ where they do.

mod comparing;
mod damaged;
mod interlaced;
mod layers;
mod playing;
mod scenes;

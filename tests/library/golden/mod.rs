//! Laws of comparing pictures: files are played as viewers play them, damage is reported, and differences are found.

mod comparing;
mod damaged;
mod interlaced;
mod layers;
mod playing;
mod scenes;

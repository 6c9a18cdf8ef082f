//! Motion in closed form; knows no pixels.

//! Typesetting: labels to outlines.

//! `kymo`
fn main() {}

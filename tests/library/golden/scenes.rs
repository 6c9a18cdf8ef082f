//! `[check]`, the tolerance of a scene.

use std::path::Path;

use kymograph::scene::Scene;
use kymograph::scene::load::load_text;
use kymograph::scene::resolve::{Options, resolve};
use kymograph::scene::source::Sources;
use kymograph::scene::variant::variants;
use kymograph::tolerance::Tolerance;

const PLOT: &str = "panels.x = { kind = 'plot', draw = [{ hline = 1 }] }";

/// The scenes of a text that may extend `_base.toml`.
fn scenes(text: &str, base: &str) -> Vec<Scene> {
    let mut sources = Sources::new();
    let mut read = |_: &Path| Ok(base.to_owned());
    let tree = load_text(Path::new("s.toml"), text.to_owned(), &mut sources, &mut read).expect("TOML");
    let options = Options { stem: "s".to_owned(), ..Options::default() };
    let scene =
        |tree| resolve(&tree, sources.clone(), &options).map_err(|(error, _)| error).expect("a scene");
    variants(tree).expect("variants").into_iter().map(|variant| scene(variant.tree)).collect()
}

fn check(text: &str) -> Tolerance {
    scenes(&format!("{text}\n{PLOT}"), "")[0].check
}

#[test]
fn a_scene_sets_the_tolerance_of_its_pictures() {
    assert_eq!(check(""), Tolerance::default());
    assert_eq!(check("check = {}"), Tolerance::default());
    let usual = Tolerance { channel: 1, antialiased: 16, share: 0.01 };
    assert_eq!(check("check.channel = 3"), Tolerance { channel: 3, ..usual });
    assert_eq!(check("check.antialiased = 1"), Tolerance { antialiased: 1, ..usual });
    assert_eq!(check("params.p = 5\ncheck.share = 'p/100'"), Tolerance { share: 0.05, ..usual });
    let none = "check = { channel = 0, antialiased = 0, share = 0 }";
    assert_eq!(check(none), Tolerance::NONE);
    // A larger tolerance for all pixels holds for edges, too.
    assert_eq!(check("check.channel = 40"), Tolerance { channel: 40, antialiased: 40, ..usual });
}

#[test]
fn a_tolerance_is_inherited_key_by_key() {
    let base = format!("check = {{ channel = 2, share = 0.5 }}\n{PLOT}");
    let heir = "extends = '_base.toml'
        check.share = 0.25
        [[variant]]
        name = 'strict'
        check.channel = 0
        [[variant]]
        name = 'plain'";
    let checks: Vec<Tolerance> = scenes(heir, &base).iter().map(|scene| scene.check).collect();
    let plain = Tolerance { channel: 2, antialiased: 16, share: 0.25 };
    assert_eq!(checks, [Tolerance { channel: 0, ..plain }, plain]);
}

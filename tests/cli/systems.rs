//! Systems in the program: the table of their members, and the CSV files that scenes name.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use crate::project::{Project, command};

/// A film of a measured motion.
const MEASURED: &str = r#"
[canvas]
size = [160, 100]
scale = 1

[time]
span = [0, 2]

[animate]
frames = 5

[systems.d]
kind = "data"
file = "d.csv"

[panels.x]
kind = "plot"
draw = [{ trace = "d.x" }]
"#;

const ROWS: &str = "t,x\n0,0\n1,2\n2,0\n";

/// A still of a mass on a spring as a state-space system.
const STATE_SPACE: &str = r#"
[systems.ss]
kind = "state-space"
A = [[0, 1], [-4, 0]]
x0 = [1, 0]

[panels.x]
kind = "plot"
draw = [{ trace = "ss.x[0]", span = [0, 1] }]
"#;

/// A project with the scene `a.toml` and the file `d.csv` that it names.
fn measured() -> Project {
    let project = Project::new();
    project.write("a.toml", MEASURED);
    project.write("d.csv", ROWS);
    project
}

/// A project with a scene that names this file of data.
fn naming(file: &str) -> Project {
    let project = Project::new();
    project.write("a.toml", MEASURED.replace("d.csv", file));
    project
}

fn column(table: &str, name: &str) -> Vec<f64> {
    let mut lines = table.lines().map(|line| line.split(','));
    let at = lines.next().and_then(|mut header| header.position(|known| known == name));
    let at = at.unwrap_or_else(|| panic!("{name} is no column of {table}"));
    lines.map(|mut cells| cells.nth(at).and_then(|cell| cell.parse().ok()).expect("a number")).collect()
}

#[test]
fn the_table_has_a_column_for_each_component_and_none_for_constants_and_functions() {
    let project = Project::new();
    let run = project.kymo_fed(&["data", "-"], STATE_SPACE).done();
    assert_eq!(run.text(), "t,ss.x[0],ss.x[1],ss.y,ss.u\n0,1,0,1,0\n");
    let two_outputs = STATE_SPACE.replace("x0 =", "C = [[1, 0], [0, 1]]\nx0 =");
    let run = project.kymo_fed(&["data", "-"], &two_outputs).done();
    assert!(run.text().starts_with("t,ss.x[0],ss.x[1],ss.y[0],ss.y[1],ss.u\n"), "{}", run.text());
}

#[test]
fn the_table_of_an_ode_has_its_states_and_not_its_events() {
    let scene = "systems.p = { kind = 'ode', rates = { x = 'v', v = '-x' }, start = { x = 1, v = 0 }, \
                 events = { hit = 'x' } }\npanels.x.kind = 'plot'";
    let run = Project::new().kymo_fed(&["data", "-"], scene).done();
    assert_eq!(run.text(), "t,p.x,p.v\n0,1,0\n");
}

#[test]
fn the_table_of_measured_data_has_its_columns() {
    let run = measured().kymo(&["data", "a.toml"]).done();
    assert_eq!(run.text().lines().next(), Some("t,d.x"));
    assert_eq!(column(run.text(), "d.x"), [0.0, 1.0, 2.0, 1.0, 0.0]);
}

#[test]
fn an_edited_file_of_data_makes_its_pictures_stale() {
    let project = measured();
    project.kymo(&["render", "a.toml"]).done();
    assert!(project.kymo(&["status", "a.toml"]).done().text().contains("1 fresh"));
    assert_eq!(project.kymo(&["check", "a.toml"]).code, Some(0));
    project.write("d.csv", ROWS.replace("1,2", "1,3"));
    let status = project.kymo(&["status", "a.toml"]);
    assert_eq!(status.code, Some(1), "{}", status.err);
    assert!(status.text().contains("stale     imgs/a.gif"), "{}", status.text());
    let check = project.kymo(&["check", "a.toml"]);
    assert_eq!(check.code, Some(1), "{}{}", check.text(), check.err);
    project.kymo(&["render", "a.toml"]).done();
    assert_eq!(project.kymo(&["status", "a.toml"]).code, Some(0));
    assert_eq!(project.kymo(&["check", "a.toml"]).code, Some(0));
}

#[test]
fn rules_name_the_file_of_data() {
    let project = measured();
    project.kymo(&["render", "a.toml", "--deps", "imgs/a.d"]).done();
    let rules = String::from_utf8(project.read("imgs/a.d")).expect("text");
    assert!(rules.contains("\n  a.toml \\\n  d.csv\n"), "{rules}");
}

#[test]
fn a_file_of_data_outside_the_root_is_refused_and_its_content_not_shown() {
    let secret = tempfile::tempdir().expect("a folder");
    let path = secret.path().join("secret.csv");
    fs::write(&path, "t,opensesame\n0,1\n1,opensesame\n").expect("a file");
    let path = path.to_string_lossy();
    for file in [&*path, "/etc/passwd", "/proc/self/environ", "/dev/zero", "link.csv", "folder/secret.csv"] {
        let project = naming(file);
        symlink(&*path, project.path().join("link.csv")).expect("a link");
        symlink(secret.path(), project.path().join("folder")).expect("a link");
        for words in [["render", "a.toml"], ["status", "a.toml"], ["data", "a.toml"], ["inspect", "a.toml"]] {
            let run = project.kymo(&words).wrong();
            for part in [
                &format!("error: cannot read `{file}`: it lies neither below the root"),
                "--> a.toml:14:8",
                "help: move the file below one of them, or pass --root",
            ] {
                assert!(run.err.contains(part), "{file} lacks {part}: {}", run.err);
            }
            for shown in ["opensesame", "root:", "PATH="] {
                assert!(!format!("{}{}", run.err, run.text()).contains(shown), "{file}: {}", run.err);
            }
        }
    }
    fs::write(&*path, ROWS).expect("a file");
    naming(&path).kymo(&["data", "a.toml", "--allow-outside"]).done();
}

#[test]
fn a_file_of_data_is_a_regular_file_of_at_most_64_mebibytes() {
    let project = measured();
    let file = project.path().join("d.csv");
    fs::remove_file(&file).expect("the file");
    assert!(Command::new("mkfifo").arg(&file).status().expect("mkfifo runs").success());
    let run = project.kymo(&["render", "a.toml"]).wrong();
    assert!(run.err.contains("`d.csv`: it is a named pipe"), "{}", run.err);
    fs::remove_file(&file).expect("the pipe");
    project.folder("d.csv");
    let run = project.kymo(&["render", "a.toml"]).wrong();
    assert!(run.err.contains("`d.csv`: it is a folder"), "{}", run.err);
    fs::remove_dir(&file).expect("the folder");
    symlink("/dev/zero", &file).expect("a link");
    let run = project.kymo(&["render", "a.toml", "--allow-outside"]).wrong();
    assert!(run.err.contains("it is a device"), "{}", run.err);
    fs::remove_file(&file).expect("the link");
    // A file of zeros that takes no room on the disk.
    fs::File::create(&file).and_then(|file| file.set_len((64 << 20) + 1)).expect("a file");
    let run = project.kymo(&["render", "a.toml"]).wrong();
    assert!(run.err.contains("`d.csv`: it holds more than 64 MiB"), "{}", run.err);
}

#[test]
fn a_file_of_data_is_relative_to_the_file_that_names_it() {
    let project = Project::new();
    project.folder("scenes/parts");
    project.write("scenes/parts/_base.toml", MEASURED);
    project.write("scenes/parts/d.csv", ROWS);
    project.write("scenes/a.toml", "extends = 'parts/_base.toml'");
    project.write("scenes/b.toml", "extends = 'parts/_base.toml'\nsystems.d.file = 'e.csv'");
    project.write("scenes/e.csv", ROWS.replace("1,2", "1,4"));
    let peak = |words: &[&str]| column(project.kymo(words).done().text(), "d.x")[2];
    assert_eq!(peak(&["data", "scenes/a.toml"]).to_bits(), 2.0_f64.to_bits());
    assert_eq!(peak(&["data", "scenes/b.toml"]).to_bits(), 4.0_f64.to_bits());
    // A path from the command line is relative to the scene.
    let set = ["data", "scenes/a.toml", "--set", "systems.d.file=e.csv"];
    assert_eq!(peak(&set).to_bits(), 4.0_f64.to_bits());
}

#[test]
fn a_scene_from_standard_input_reads_data_from_the_current_folder() {
    let project = measured();
    let run = project.kymo_fed(&["data", "-"], MEASURED).done();
    assert_eq!(column(run.text(), "d.x"), [0.0, 1.0, 2.0, 1.0, 0.0]);
    project.kymo_fed(&["render", "-", "-o", "imgs/a.gif"], MEASURED).done();
    assert_eq!(project.list("imgs"), ["a.gif"]);
}

#[test]
fn variants_may_name_different_files_of_data() {
    let project = measured();
    project.write("e.csv", ROWS.replace("1,2", "1,4"));
    let variants = "[[variant]]\nname = 'low'\n[[variant]]\nname = 'high'\nsystems.d.file = 'e.csv'\n";
    project.write("a.toml", format!("{MEASURED}\n{variants}"));
    project.kymo(&["render", "a.toml"]).done();
    assert_eq!(project.list("imgs"), ["a-high.gif", "a-low.gif"]);
    assert_ne!(project.read("imgs/a-high.gif"), project.read("imgs/a-low.gif"));
    let run = project.kymo(&["data", "a.toml", "--variant", "high"]).done();
    assert_eq!(column(run.text(), "d.x")[2].to_bits(), 4.0_f64.to_bits());
}

#[test]
fn scenes_of_a_sweep_read_the_data_of_their_base() {
    let project = measured();
    let scaled = MEASURED
        .replace("[time]", "[params]\nf = 1\n\n[time]")
        .replace("file = \"d.csv\"", "file = \"d.csv\"\nunit-scale = \"f\"");
    project.write("a.toml", scaled);
    project.folder("sweep");
    project.kymo(&["sweep", "a.toml", "--set", "f=1,2", "--into", "sweep"]).done();
    let scenes = project.list("sweep");
    assert_eq!(scenes.len(), 2, "{scenes:?}");
    let peaks = scenes.iter().map(|scene| {
        let run = project.kymo(&["data", &format!("sweep/{scene}")]).done();
        column(run.text(), "d.x")[2]
    });
    assert_eq!(peaks.collect::<Vec<_>>(), [2.0, 4.0]);
}

#[test]
fn every_example_renders_and_has_a_table() {
    let examples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/scenes");
    let project = Project::new();
    let root = project.path().to_string_lossy().into_owned();
    let mut scenes = 0;
    for entry in fs::read_dir(&examples).expect("a folder") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        let Some(stem) = name.strip_suffix(".toml") else { continue };
        let picture = format!("imgs/{stem}.png");
        let run = |words: &[&str]| {
            let words = [words, &["--root", &root]].concat();
            crate::project::Run::of(command(&examples, &words).output().expect("the program runs")).done()
        };
        run(&["render", &name, "-o", &picture]);
        let table = run(&["data", &name]);
        assert!(table.text().lines().count() > 1, "{name}: {}", table.text());
        let header = table.text().lines().next().unwrap_or_default().to_owned();
        assert!(header.contains('.'), "{name} lists no member: {header}");
        scenes += 1;
    }
    assert!(scenes >= 10 && project.list("imgs").len() == scenes, "{scenes} scenes");
}

#[test]
fn members_that_a_system_does_not_have_are_left_out_of_its_table() {
    let project = Project::new();
    let scene = "
time = { span = [0, 2] }
animate = { frames = 5 }
systems.d = { kind = 'discrete', A = [['-1 - u']], B = [1], u = 't', step = 0.5 }
systems.s = { kind = 'spectrum', of = 'cos(pi*t)', samples = 4, span = [0, 4] }
[panels.x]
kind = 'plot'
draw = [{ trace = 'd.y' }]
";
    project.write("a.toml", scene);
    let run = project.kymo(&["data", "a.toml"]).done();
    let header = run.text().lines().next().unwrap_or_default().to_owned();
    assert!(header.contains("d.y") && header.contains("d.Ad[0][0]") && !header.contains("d.K"), "{header}");
    // A spectrum does not change with time, so its constants are shown.
    assert!(header.contains("s.magnitude[3]") && header.contains("s.X[0].re"), "{header}");
    assert_eq!(column(run.text(), "s.f[1]"), [-0.25; 5]);
}

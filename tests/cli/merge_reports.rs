//! `kymo merge-reports`: several pages become one report with one exit code.

use serde_json::{Value, json};

use crate::project::{Project, Run};

/// A page like those of `--report`, reduced to its data, with entries without frames.
fn page(shards: &Value, pictures: &[(&str, &str)]) -> String {
    let entry = |(picture, verdict): &(&str, &str)| {
        json!({
            "picture": picture, "verdict": verdict, "scene": "scenes/a.toml", "variant": null, "place": [3, 10],
            "reasons": ["for a reason: <b>"], "size": [160, 100], "frames": 12, "differing": [],
        })
    };
    let data = json!({
        "version": 1,
        "shards": shards,
        "pictures": pictures.iter().map(entry).collect::<Vec<_>>(),
        "shown": pictures.iter().map(|_| json!([])).collect::<Vec<_>>(),
    });
    let data = data.to_string().replace('<', "\\u003c");
    format!("<!doctype html><script type=\"application/json\" id=\"kymo-report\">{data}</script>")
}

/// A project with a folder for each report.
fn project(pages: &[(&str, String)]) -> Project {
    let project = Project::new();
    for (folder, page) in pages {
        project.folder(folder);
        project.write(&format!("{folder}/index.html"), page);
    }
    project
}

fn shard(number: u32, pictures: &[(&str, &str)]) -> String {
    page(&json!([{ "number": number, "of": 2 }]), pictures)
}

fn code(run: Run, code: i32) -> Run {
    assert_eq!(run.code, Some(code), "{}", run.err);
    run
}

#[test]
fn merged_shards_are_one_report_with_the_exit_code_of_the_check() {
    let one = shard(1, &[("imgs/b.gif", "same")]);
    for (verdict, expected) in [("same", 0), ("changed", 1), ("missing", 1), ("orphaned", 1), ("failed", 2)] {
        let project = project(&[("one", one.clone()), ("two", shard(2, &[("imgs/a.gif", verdict)]))]);
        let run = code(project.kymo(&["merge-reports", "one", "two/index.html"]), expected);
        let counts = if verdict == "same" { "2 same".to_owned() } else { format!("1 same, 1 {verdict}") };
        assert!(run.text().ends_with(&format!("{counts} (shards 1/2, 2/2)\n")), "{}", run.text());
        assert!(
            verdict == "same"
                || run.text().contains("imgs/a.gif  (scenes/a.toml:3:10)\n  for a reason: <b>\n")
        );
    }
}

#[test]
fn a_merged_page_can_be_merged_again_and_does_not_depend_on_order() {
    let pages =
        [("one", shard(1, &[("imgs/b.gif", "same")])), ("two", shard(2, &[("imgs/a.gif", "changed")]))];
    let project = project(&pages);
    let run = code(project.kymo(&["merge-reports", "one", "two", "--report", "all"]), 1);
    assert!(run.err.contains("all/index.html"), "{}", run.err);
    code(project.kymo(&["merge-reports", "two", "one", "--report", "turned", "--quiet"]), 1);
    code(project.kymo(&["merge-reports", "all", "one", "--report", "again", "--format", "json"]), 1);
    let page = project.read("all/index.html");
    assert!(page.starts_with(b"<!doctype html>"));
    assert!(page == project.read("turned/index.html") && page == project.read("again/index.html"));
    assert_eq!(project.list("all"), ["index.html"], "nothing else is left");
}

#[test]
fn every_format_names_the_picture() {
    let project = project(&[("one", page(&json!([]), &[("imgs/a.gif", "changed")]))]);
    for (format, part) in [
        ("human", "changed   imgs/a.gif"),
        ("json", "\"verdict\": \"changed\""),
        ("junit", "<failure type=\"changed\" message=\"for a reason: &lt;b&gt;\">"),
        ("github", "::error file=scenes/a.toml,line=3,col=10,title=imgs/a.gif changed::for a reason: <b>\n"),
    ] {
        let run = code(project.kymo(&["merge-reports", "one", "--format", format]), 1);
        assert!(run.text().contains(part) && run.err.is_empty(), "{format}: {}", run.text());
    }
    let colored = code(project.kymo(&["merge-reports", "one", "--color", "always"]), 1);
    assert!(colored.text().contains("\u{1b}[1;33mchanged"), "{}", colored.text());
    let quiet = code(project.kymo(&["merge-reports", "one", "--quiet"]), 1);
    assert_eq!(quiet.text().lines().count(), 2, "{}", quiet.text());
}

#[test]
fn a_missing_shard_is_not_a_success() {
    let project = project(&[("two", shard(2, &[("imgs/a.gif", "same")]))]);
    let run = project.kymo(&["merge-reports", "two", "--report", "all"]).wrong();
    assert!(run.err.contains("shards 2/2; without 1/2: name the reports of all shards"), "{}", run.err);
    assert!(String::from_utf8_lossy(&project.read("all/index.html")).contains("without 1/2"));
}

#[test]
fn a_file_that_is_no_report_is_refused_and_nothing_is_written() {
    let project = project(&[("one", shard(1, &[])), ("other", "<p>hello".to_owned())]);
    project.folder("empty");
    for (words, why) in [
        (&["one", "other"][..], "other/index.html is no report that kymo wrote: name what --report made"),
        (&["empty"], "there is no report empty/index.html"),
        (&["one", "nowhere"], "there is no report nowhere"),
    ] {
        let run = project.kymo(&[&["merge-reports", "--report", "all"], words].concat()).wrong();
        assert!(run.err.contains(why) && run.out.is_empty(), "{}", run.err);
        assert!(!project.path().join("all").exists());
    }
}

#[test]
fn the_folder_is_made_but_not_its_parents() {
    let project = project(&[("one", page(&json!([]), &[("imgs/a.gif", "same")]))]);
    let run = project.kymo(&["merge-reports", "one", "--report", "some/where"]).wrong();
    assert!(run.err.contains("make it with mkdir -p some"), "{}", run.err);
    project.write("file", "");
    let run = project.kymo(&["merge-reports", "one", "--report", "file"]).wrong();
    assert!(run.err.contains("the report file cannot be written"), "{}", run.err);
    project.kymo(&["merge-reports", "one", "--report", "made"]).done();
    project.kymo(&["merge-reports", "one", "--report", "made"]).done();
}

"""How issues are written for GitHub, for programs, for code scanning and on a page."""

import json
import re

import pytest
from tiny_data import lines, picture, records, write_tiny

from builder import cli
from builder.audit import RULES, Issue, summary
from builder.audit.formats import FORMATS, annotation, github, sarif
from builder.audit.formats_summary import failing_records, markdown, sheet


@pytest.fixture
def wrong(tmp_path, monkeypatch):
    top = write_tiny(tmp_path / "a b")
    rows = [{**record, "difficulty": 9} for record in records()]
    (top / "tasks.jsonl").write_text(lines(rows))
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    return top


def printed(capsys, *arguments, status=1):
    assert cli.main(["check", *map(str, arguments)]) == status
    return capsys.readouterr()


def test_an_annotation_escapes_what_github_would_read(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    issue = Issue("a,b:c%.jsonl", 7, "/x", "not-json", "50% of\na: b, c\r")
    assert annotation(issue) == (
        "::error file=a%2Cb%3Ac%25.jsonl,line=7,title=not-json::/x: 50%25 of%0Aa: b, c%0D"
    )


def test_paths_are_told_from_the_top_of_the_repository(monkeypatch, tmp_path):
    (tmp_path / "data").mkdir()
    monkeypatch.chdir(tmp_path / "data")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    assert annotation(Issue("t.jsonl", 1, "", "r", "m")).startswith("::error file=data/t.jsonl,")
    absolute = Issue(str(tmp_path / "data/t.jsonl"), 1, "", "r", "m")
    assert annotation(absolute).startswith("::error file=data/t.jsonl,")


def test_a_row_of_parquet_has_no_line_and_says_which_row_it_is():
    assert annotation(Issue("a.parquet", None, "/x", "r", "m", 0)) == (
        "::error file=a.parquet,title=r::row 0: /x: m"
    )


def test_github_gets_ten_annotations_and_the_rest_in_plain_text():
    issues = [Issue("t.jsonl", n, "", "not-json", "m") for n in range(1, 14)]
    told = list(github(issues, summary()))
    assert [line.startswith("::error ") for line in told] == [True] * 10 + [False] * 4
    assert told[11:] == [str(issue) for issue in issues[10:]]
    assert len(list(github(issues[:10], summary()))) == 10


def test_json_is_one_document_with_issues_and_counts(wrong, capsys):
    told = json.loads(printed(capsys, "a b/tasks.jsonl", "--format", "json").out)
    assert [(one["line"], one["rule"]) for one in told["issues"]] == [
        (n, "out-of-range") for n in range(1, 5)
    ]
    assert told["checked"]["records"] == 4
    (wrong / "tasks.jsonl").write_text(lines(records()))
    assert json.loads(printed(capsys, wrong, "--format", "json", status=0).out)["issues"] == []


def test_sarif_has_what_its_schema_requires(wrong, capsys, monkeypatch):
    monkeypatch.setenv("W2V_RULES_URL", "https://example.org/rules.md")
    told = json.loads(printed(capsys, "a b/tasks.jsonl", "--format", "sarif").out)
    assert told["version"] == "2.1.0"
    (run,) = told["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "world2vlm"
    assert {rule["id"] for rule in driver["rules"]} >= RULES.keys()
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["helpUri"] == f"https://example.org/rules.md#{rule['id']}"
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]
        (location,) = result["locations"]
        artifact = location["physicalLocation"]["artifactLocation"]
        assert artifact == {"uri": "a%20b/tasks.jsonl", "uriBaseId": "%SRCROOT%"}
    assert [one["locations"][0]["physicalLocation"]["region"] for one in run["results"]] == [
        {"startLine": n} for n in range(1, 5)
    ]


def test_sarif_of_a_file_elsewhere_has_a_whole_address():
    issues = [Issue("hf://datasets/n/d@refs/pr/1/a b.parquet", None, "", "r", "m", 3)]
    (result,) = json.loads("".join(sarif(issues, summary())))["runs"][0]["results"]
    physical = result["locations"][0]["physicalLocation"]
    assert physical == {"artifactLocation": {"uri": "hf://datasets/n/d@refs/pr/1/a%20b.parquet"}}


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_counts_go_to_stderr_and_the_status_is_one(wrong, capsys, name):
    told = printed(capsys, wrong, "--format", name)
    assert "checked 2 files, 4 records" in told.err
    assert "checked 2 files, 4 records" not in told.out


def test_the_page_has_a_table_that_data_cannot_break_and_a_sheet_of_pictures(wrong, monkeypatch):
    for name, value in {"SERVER_URL": "https://g", "REPOSITORY": "o/r", "SHA": "c0"}.items():
        monkeypatch.setenv(f"GITHUB_{name}", value)
    monkeypatch.chdir(wrong.parent)
    file = f"{wrong.name}/tasks.jsonl"
    issues = [Issue(file, n, "", "not-json", "a | b <script>\n`c`") for n in (1, 2)]
    failing = failing_records(issues)
    page = markdown(issues, summary(), failing)
    rows = [line for line in page.splitlines() if line.startswith(f"| {file}")]
    assert len(rows) == 2
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 5 for row in rows)
    assert "<script>" not in page
    assert 'src="https://g/o/r/blob/c0/a%20b/scenes/' in page
    assert "data:" not in page
    assert [len(one.thumbs) for one in failing] == [len(r["images"]) for r in records()[:2]]
    assert sheet(failing).size[1] > 200


def test_the_page_shows_no_file_outside_of_the_folder(wrong, tmp_path):
    picture(tmp_path / "secret.jpg", 0)
    (wrong / "tasks.jsonl").write_text(lines([{**records()[0], "images": ["../secret.jpg"]}]))
    (one,) = failing_records([Issue(str(wrong / "tasks.jsonl"), 1, "", "r", "m")])
    assert one.paths == ()


def test_the_command_writes_page_and_sheet(wrong, capsys, tmp_path):
    page, pictures = tmp_path / "page.md", tmp_path / "sheet.jpg"
    page.write_text("before\n")
    printed(capsys, wrong, "--summary", page, "--thumbnails", pictures)
    assert page.read_text().startswith("before\n### World2VLM check: 4 issues")
    assert pictures.stat().st_size > 1000

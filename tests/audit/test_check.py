"""What `check` looks at, in which order, and what it says of many records."""

import json
import os
import shutil

import pytest
from tiny_data import BUNDLE, SCENE, lines, picture, records, trajectory, write_tiny

from builder.audit import DEEP_RULES, RULES, Issue, check, summary
from builder.audit.stretch import LONGEST_LINE_BYTES
from builder.core.errors import StoreError
from builder.tasks import readers


@pytest.fixture
def tiny(tmp_path):
    return write_tiny(tmp_path / "tiny")


def issues(*paths, **options):
    return list(check(paths, readers(), **options))


def rules(*paths, **options):
    return [issue.rule for issue in issues(*paths, **options)]


def test_a_folder_that_is_right_has_no_issue_and_is_counted(tiny):
    counted = summary()
    assert issues(tiny, counted=counted) == []
    assert str(counted) == "checked 2 files, 4 records, 4 images, 1 bundle"


def test_a_picture_is_opened_once_however_often_it_is_named(tiny):
    os.link(tiny / BUNDLE / "samples-rgb/000.jpg", tiny / "again.jpg")
    (tiny / "tasks.jsonl").write_text(
        lines([*records(), {**_other(9), "images": ["again.jpg"] * 1}])
    )
    counted = summary()
    issues(tiny, counted=counted)
    assert counted.images == 4


def _other(number):
    record = records()[2]
    return {**record, "record_id": record["record_id"].replace("/0", f"/{number}")}


def test_each_part_may_be_asked_about_alone(tiny):
    for name in ("tasks.jsonl", f"{BUNDLE}/traj.json", BUNDLE, f"scenes/{SCENE}/scene.json"):
        counted = summary()
        assert issues(tiny / name, counted=counted) == []
        assert counted.files + counted.bundles >= 1


def test_the_same_file_asked_about_twice_is_checked_once(tiny):
    counted = summary()
    assert issues(tiny, tiny / "tasks.jsonl", tiny / "." / "tasks.jsonl", counted=counted) == []
    assert counted.records == 4


def test_the_same_records_in_two_folders_have_their_ids_twice(tiny, tmp_path):
    shutil.copytree(tiny, tmp_path / "again")
    assert rules(tiny, tmp_path / "again") == ["duplicate-id"] * 4


def test_records_stand_in_json_lines_and_in_parquet_of_one_build(tiny):
    import pyarrow as pa
    from pyarrow import parquet

    from builder.publish.columns import arrow_schema

    rows = records()
    for row in rows:
        paths = row["images"]
        row["images"] = [{"bytes": (tiny / path).read_bytes(), "path": path} for path in paths]
    table = pa.Table.from_pylist(rows, schema=arrow_schema())
    parquet.write_table(table, tiny / "train.parquet", row_group_size=3)
    counted = summary()
    assert issues(tiny, counted=counted) == []
    assert (counted.records, counted.images) == (8, 7)
    parquet.write_table(pa.concat_tables([table, table]), tiny / "train.parquet", row_group_size=3)
    found = issues(tiny / "train.parquet")
    assert [(one.rule, one.row) for one in found] == [("duplicate-id", row) for row in range(4, 8)]
    assert str(found[0]).startswith(
        f"{tiny.as_posix()}/train.parquet#4: /record_id: duplicate-id: "
    )


def test_a_picture_of_another_size_in_parquet_is_found(tiny):
    import pyarrow as pa
    from PIL import Image
    from pyarrow import parquet

    from builder.publish.columns import arrow_schema

    row = records()[0]
    Image.new("RGB", (10, 20)).save(tiny / "small.png")
    files = [tiny / row["images"][0], tiny / "small.png"]
    row["images"] = [{"bytes": file.read_bytes(), "path": file.name} for file in files]
    parquet.write_table(pa.Table.from_pylist([row], schema=arrow_schema()), tiny / "a.parquet")
    assert rules(tiny / "a.parquet") == ["image-size"]


def test_all_issues_are_said_and_in_the_order_of_the_lines(tiny):
    wrong = records()
    wrong[1]["split"], wrong[3]["license"] = "trian", ""
    wrong[1]["difficulty"] = 9
    (tiny / "tasks.jsonl").write_text(lines(wrong))
    found = issues(tiny / "tasks.jsonl")
    assert [(one.line, one.pointer) for one in found] == [
        (2, "/difficulty"),
        (2, "/split"),
        (4, "/license"),
    ]


def test_it_may_stop_after_some_issues(tiny):
    (tiny / "tasks.jsonl").write_text("[]\n" * 50)
    assert len(issues(tiny)) == 50
    assert len(issues(tiny, max_issues=3)) == 3


def test_pictures_need_not_be_opened_but_must_be_there(tiny):
    cut = tiny / BUNDLE / "samples-rgb/001.jpg"
    cut.write_bytes(cut.read_bytes()[:200])
    counted = summary()
    assert issues(tiny, images=False, counted=counted) == []
    assert counted.images == 0
    cut.unlink()
    assert set(rules(tiny, images=False)) == {"image-missing"}


def test_blank_lines_at_the_end_are_allowed_and_so_is_none(tiny):
    text = lines(records())
    for ending in (text + "\n \n", text.rstrip("\n"), text.replace("\n", "\r\n")):
        (tiny / "tasks.jsonl").write_bytes(ending.encode())
        assert issues(tiny) == []


def test_a_line_too_long_is_skipped_and_the_next_one_read(tiny):
    right, wrong = lines(records()[:1]), lines([{**records()[1], "split": "trian"}])
    for filler in (b"x" * LONGEST_LINE_BYTES, b"x" * (3 * LONGEST_LINE_BYTES + 5)):
        (tiny / "tasks.jsonl").write_bytes(right.encode() + filler + b"\n" + wrong.encode())
        found = issues(tiny / "tasks.jsonl")
        assert [(one.rule, one.line) for one in found] == [("line-too-long", 2), ("wrong-value", 3)]


def test_a_number_of_too_many_digits_is_no_json(tiny):
    (tiny / "tasks.jsonl").write_text('{"difficulty": ' + "9" * 5000 + "}\n")
    assert rules(tiny / "tasks.jsonl") == ["not-json"]


def test_a_path_that_is_not_there_or_holds_nothing_is_refused_at_once(tmp_path):
    with pytest.raises(StoreError, match="no such file"):
        check([tmp_path / "nowhere"], readers())
    with pytest.raises(StoreError, match="nothing to check"):
        check([tmp_path], readers())
    (tmp_path / "photo.tiff").write_bytes(b"II*")
    with pytest.raises(StoreError, match="cannot be checked"):
        check([tmp_path / "photo.tiff"], readers())


def test_folders_that_are_hidden_or_unfinished_are_passed_over(tiny):
    shutil.copytree(tiny / BUNDLE, tiny / "scenes" / SCENE / ".traj_x.tmp")
    (tiny / ".git").mkdir()
    (tiny / ".git" / "tasks.jsonl").write_text("nonsense")
    assert issues(tiny) == []


def test_files_of_other_kinds_beside_ours_are_passed_over(tiny):
    (tiny / "stats.json").write_text("{}")
    (tiny / "frames.jsonl").write_text('{"uid": "x"}\n')
    (tiny / "manifest.jsonl").write_text('{"scene_id": "a", "anchor_path": "/a.png"}\n')
    counted = summary()
    assert issues(tiny, counted=counted) == []
    assert counted.files == 2


def test_records_under_another_name_are_found(tiny):
    (tiny / "tasks.jsonl").rename(tiny / "mine.jsonl")
    counted = summary()
    assert issues(tiny, counted=counted) == []
    assert counted.records == 4


def test_foreign_records_are_held_to_the_core_alone(tiny):
    core = [{key: one[key] for key in ("task_type", "messages", "images")} for one in records()]
    core[0]["messages"][1]["content"] = "any words at all"
    core[1]["task_type"] = "D77"
    core[2]["source"] = "somewhere"
    (tiny / "tasks.jsonl").write_text(lines(core))
    counted = summary()
    assert issues(tiny / "tasks.jsonl", counted=counted) == []
    assert str(counted) == (
        "checked 1 file, 4 records (4 of them by the core schema alone), 3 images, 0 bundles"
    )


def test_a_record_of_ours_that_lost_its_id_is_not_taken_for_a_foreign_one(tiny):
    record = records()[0]
    del record["record_id"]
    (tiny / "tasks.jsonl").write_text(lines([record]))
    assert rules(tiny / "tasks.jsonl") == ["missing-field"]


@pytest.mark.parametrize(
    "listed",
    [
        {"transforms": {"frames": [{"file_path": "samples-rgb/000.jpg"}]}, "actions_step": [[]]},
        {"sample_paths": ["samples-rgb/000.jpg"], "video_length": 13},
    ],
    ids=["svc", "hy"],
)
def test_bundles_of_other_programs_are_looked_at_for_their_pictures(tiny, listed):
    (tiny / BUNDLE / "traj.json").write_text(json.dumps(listed))
    assert issues(tiny / BUNDLE) == []
    (tiny / BUNDLE / "samples-rgb/000.jpg").unlink()
    assert rules(tiny / BUNDLE) == ["image-missing"]
    (tiny / BUNDLE / "traj.json").write_text('{"prompt": "a room"}')
    assert rules(tiny / BUNDLE) == ["missing-field"]


def test_without_a_bundle_images_of_one_record_must_be_of_one_size(tmp_path):
    record = {key: records()[0][key] for key in ("task_type", "messages")}
    for index, name in enumerate(("a.jpg", "b.jpg")):
        picture(tmp_path / name, index)
    (tmp_path / "tasks.jsonl").write_text(lines([{**record, "images": ["a.jpg", "b.jpg"]}]))
    assert issues(tmp_path) == []
    from PIL import Image

    Image.new("RGB", (48, 37)).save(tmp_path / "b.jpg")
    assert rules(tmp_path) == ["image-size"]


def test_a_link_that_stays_below_the_folder_is_followed(tiny):
    target = tiny / BUNDLE / "samples-rgb/001.jpg"
    target.rename(tiny / "moved.jpg")
    target.symlink_to("../../../../moved.jpg")
    assert [one for one in issues(tiny / "tasks.jsonl") if one.rule == "image-outside"] == []


def test_a_folder_whose_name_begins_like_the_root_is_outside(tiny):
    shutil.copytree(tiny, tiny.with_name("tiny2"))
    target = tiny / BUNDLE / "samples-rgb/001.jpg"
    target.unlink()
    target.symlink_to(tiny.with_name("tiny2") / BUNDLE / "samples-rgb/001.jpg")
    assert "image-outside" in rules(tiny / "tasks.jsonl")


def test_a_broken_bundle_does_not_keep_its_records_from_being_checked(tiny):
    (tiny / BUNDLE / "traj.json").write_text("{")
    (tiny / "tasks.jsonl").write_text(lines([{**records()[0], "split": "trian"}]))
    assert rules(tiny) == ["wrong-value", "not-json"]


def test_a_task_says_more_of_its_answers_than_the_schema_of_records(tiny):
    def reads_anything(answer, form):
        return answer

    record = records()[0]
    record["messages"][1]["content"] = record["accepted"][0] = "somewhere else"
    (tiny / "tasks.jsonl").write_text(lines([record]))
    lenient = dict.fromkeys(readers(), reads_anything)
    found = list(check([tiny / "tasks.jsonl"], lenient))
    assert [one.pointer for one in found] == ["/accepted/0", "/messages/1/content"]


def test_poses_may_differ_by_a_millimetre_and_no_more(tiny):
    for apart_m, expected in ((0.0009, set()), (0.0012, {"motion-mismatch", "pose-mismatch"})):
        plain = json.loads(json.dumps(trajectory()))
        plain["transforms"]["frames"][1]["c2w"][0][3] = apart_m
        (tiny / BUNDLE / "traj.json").write_text(json.dumps(plain))
        assert set(rules(tiny)) == expected


def test_an_issue_is_one_line_whatever_it_quotes():
    issue = Issue("a\nb.jsonl", 3, "/x", "wrong-value", "got \x1b[31m\u2028\ud800 é")
    assert str(issue) == "a\\nb.jsonl:3: /x: wrong-value: got \\x1b[31m\\u2028\\ud800 é"
    assert str(Issue("a.parquet", None, "", "empty-file", "holds no record", None)).count(":") == 2


def test_the_page_of_rules_lists_all_rules_and_what_they_hold():
    page = os.path.join(os.path.dirname(__file__), "..", "..", "docs", "rules.md")
    if not os.path.exists(page):
        pytest.skip("concerns the checkout: docs/rules.md")
    with open(page, encoding="utf-8") as text:
        rows = [line[2:-3].split("` | ") for line in text if line.startswith("| `")]
    assert {row[0].strip("`"): row[1] for row in rows} == {**RULES, **DEEP_RULES}

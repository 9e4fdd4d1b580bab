"""Parts, processes, globs, fast reading: however a check goes about it, it says the same."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_data import BUNDLE, lines, records, write_tiny

from builder import cli
from builder.audit import check, jsontext, look, run, stretch, summary
from builder.audit.jsontext import read_batches, read_lines
from builder.audit.stretch import WHOLE, stretches
from builder.core.errors import StoreError
from builder.tasks import readers

PIECES = st.sampled_from(
    [b"{}\n", b"[1]\n", b"\n", b"  \n", b"x\n", b"\xff\n", b"1\r\n", b'{"a": 1, "a": 2}\n', b"7"]
)


@given(st.lists(PIECES, max_size=30), st.integers(1, 40), st.sampled_from([8, 64, 1 << 20]))
@settings(max_examples=80)
def test_the_lines_of_all_stretches_are_the_lines_of_the_file(tmp_path_factory, parts, size, block):
    path = tmp_path_factory.mktemp("stretches") / "a.jsonl"
    path.write_bytes(b"".join(parts))
    with pytest.MonkeyPatch.context() as patch:
        for module in (jsontext, stretch):
            patch.setattr(module, "LONGEST_LINE_BYTES", block)
        patch.setattr(jsontext, "_BATCH_BYTES", size)
        whole = list(read_lines(path))
        assert [line for batch in read_batches(path) for line in batch] == whole
        cut = [line for one in stretches(path, size) for line in read_lines(path, one)]
    assert cut == whole


def test_an_empty_file_is_one_stretch(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(b"")
    assert list(stretches(tmp_path / "a.jsonl", 10)) == [WHOLE]


def _strictly(raw):
    return jsontext.strictly(raw, 2, jsontext._Reader())


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=4)
    | st.sampled_from(['":', '" :', "\ud800", '"a":1', "\\", "\u2028"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from('ab":\\'), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(VALUES, st.integers(0, 60), st.binary(max_size=2), st.booleans())
@settings(max_examples=250)
def test_a_line_read_fast_is_read_as_the_strict_reader_does(value, at, junk, spaced):
    pytest.importorskip("jiter", reason="needs jiter: the extra [fast]")
    separators = (" , ", " : ") if spaced else (",", ":")
    text = json.dumps(value, ensure_ascii=at % 2 == 0, separators=separators)
    raw = text.encode("utf-8", "surrogatepass") + b"\n"
    for line in (raw, raw[:at] + junk + raw[at:], raw[:at] + raw[at + 1 :]):
        fast = jsontext.quickly(line)
        if fast is not jsontext._NOT_PARSED:
            strict = _strictly(line)
            assert strict.findings == ()
            assert json.dumps(fast) == json.dumps(strict.value)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a": 1, "a": 2}',
        b'{"a" : 1, "a" : "\\":"}',
        b'{"x": {"a": 1, "b": 2, "a": 1}}',
        b"NaN",
        b"[1e999]",
        b'{"a": [{"b": -1e999}]}',
        b"[" + b"9" * 4301 + b"]",
        b'"\\ud800"',
        b"\xef\xbb\xbf1",
        b"[" * 2000 + b"]" * 2000,
    ],
)
def test_what_two_readers_might_read_in_two_ways_is_left_to_the_strict_one(raw):
    assert jsontext.quickly(raw) is jsontext._NOT_PARSED


def _spread(function, jobs):
    """As an engine would, in whatever order; what travels must survive the journey."""
    import pickle

    for job in reversed(jobs):
        again = pickle.loads(pickle.dumps(job))  # noqa: S301 - our own
        yield job, pickle.loads(pickle.dumps(function(again)))  # noqa: S301


def test_many_processes_say_the_same_in_the_same_order_and_count_the_same(tmp_path, monkeypatch):
    top = write_tiny(tmp_path / "tiny")
    rows = [*records(), records()[0], {**records()[1], "split": "test", "difficulty": 9}]
    (top / "tasks.jsonl").write_text(lines(rows) + "\nnonsense\n" + lines(rows[:1]))
    cut = top / BUNDLE / "samples-rgb/001.jpg"
    cut.write_bytes(cut.read_bytes()[:300])
    monkeypatch.setattr(look, "PART_BYTES", 2500)
    monkeypatch.setattr(stretch, "LONGEST_LINE_BYTES", 2600)  # read in small blocks, too
    monkeypatch.setattr(run, "_WORTH_BYTES", 0)
    alone, together = summary(), summary()
    expected = list(check([top], readers(), counted=alone))
    ticks = []
    way = run.Way(spread=_spread, readers=readers, tick=lambda *n: ticks.append(n))
    assert list(check([top], readers(), counted=together, way=way)) == expected
    assert {"duplicate-id", "not-json", "image-unreadable"} <= {one.rule for one in expected}
    assert str(together) == str(alone)
    assert ticks[-1][0] == ticks[-1][1] > 4


def test_real_processes_say_the_same(tmp_path, monkeypatch, capsys):
    top = write_tiny(tmp_path / "tiny")
    (top / "tasks.jsonl").write_text(lines([*records(), records()[0]]))
    monkeypatch.setattr(run, "_WORTH_BYTES", 0)
    told = []
    for workers in ("1", "2"):
        assert cli.main(["check", str(top), "--workers", workers]) == 1
        told.append(capsys.readouterr())
    assert told[0] == told[1]
    assert "duplicate-id" in told[0].out


def test_globs_are_opened_and_one_that_names_nothing_is_refused(tmp_path):
    for name in ("a", "b"):
        write_tiny(tmp_path / name)
    counted = summary()
    list(check([str(tmp_path / "*" / "tasks.jsonl")], readers(), counted=counted))
    assert counted.records == 8
    counted = summary()
    list(check([str(tmp_path / "**" / "tasks.jsonl")], readers(), counted=counted))
    assert counted.files == 2
    with pytest.raises(StoreError, match="no file or folder"):
        check([str(tmp_path / "*.jsonl")], readers())


def test_a_file_whose_name_has_signs_of_a_glob_is_itself(tmp_path):
    (tmp_path / "a[1].jsonl").write_text(lines(records()[:1]))
    counted = summary()
    list(check([str(tmp_path / "a[1].jsonl")], readers(), counted=counted))
    assert counted.records == 1


def test_mixed_licenses_are_told_and_are_no_issue(tmp_path, capsys):
    top = write_tiny(tmp_path / "tiny")
    names = ["MIT", "CC0-1.0", "CC0-1.0", "CC0-1.0"]
    rows = [{**row, "license": name} for row, name in zip(records(), names, strict=True)]
    (top / "tasks.jsonl").write_text(lines(rows))
    assert cli.main(["check", str(top)]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert "licenses are mixed: CC0-1.0 (3 records), MIT (1 record)" in told.err


@pytest.mark.parametrize(
    "arguments",
    [["x.jsonl", "--comment"], ["memory://x", "--changed-since", "HEAD"], ["nowhere/*.jsonl"]],
)
def test_a_call_that_is_wrong_has_the_status_two(arguments, capsys):
    assert cli.main(["check", *arguments]) == 2
    assert capsys.readouterr().err.startswith("world2vlm: ")


def test_a_command_misspelt_is_told_the_nearest(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["chek"])
    assert ended.value.code == 2
    assert "did you mean 'check'?" in capsys.readouterr().err


def test_a_line_without_end_is_read_in_bounded_memory(tmp_path):
    """Sparse: 128 MiB of zero bytes without a line end between two records."""
    import resource

    path = tmp_path / "tasks.jsonl"
    with path.open("wb") as file:
        file.write(lines(records()[:1]).encode())
        file.seek(128 << 20, 1)
        file.write(b"\n" + lines(records()[1:2]).encode())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = [(one.line, one.rule) for one in check([path], readers(), images=False)]
    grown_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert (2, "line-too-long") in found
    assert {line for line, _ in found} <= {1, 2, 3}
    assert grown_kib < 40 * 1024

"""What stands between the marks of a card outlives the next card; a damaged mark stops it."""

import pytest

from builder.core.errors import RecordInvalid
from builder.publish.kept import pair, read_sections, sections, with_sections

FRESH = f"# T\n\n{pair('about')}\n\n## A\n\nmade\n\n## B\n\n{pair('notes')}\n\nmade too\n"


def kept(card):
    return sections(card, "README.md")


def test_what_was_written_goes_into_the_next_card_byte_for_byte():
    text = "\n\nMine, *ünder* <b>tags</b>.\n\n```sh\n## not a heading of ours\n```\n"
    old = FRESH.replace(pair("notes"), pair("notes", text)).replace("made", "made before")
    new = with_sections(FRESH, kept(old))
    assert kept(new)["notes"].body == text
    assert new.replace(text, "\n") == FRESH
    assert with_sections(FRESH, kept(new)) == new


def test_a_pair_of_ones_own_stays_under_its_heading_and_moves_no_more():
    old = FRESH.replace("made\n", f"made\n\n{pair('mine', ' one line ')}\n", 1)
    new = with_sections(FRESH, kept(old))
    assert new.index("## A") < new.index("one line") < new.index("## B")
    assert with_sections(FRESH, kept(new)) == new
    gone = with_sections(FRESH.replace("## A", "## C"), kept(old))
    assert gone.endswith(f"{pair('mine', ' one line ')}\n")
    top = with_sections(
        FRESH.replace(pair("about"), ""), kept(FRESH.replace(pair("about"), pair("about", "x")))
    )
    assert top.index("<!-- world2vlm:keep about -->x") < top.index("## A")


def test_pairs_that_are_empty_leave_no_trace():
    assert with_sections(FRESH, kept(FRESH)) == FRESH
    assert with_sections("# T\n", kept(FRESH)) == "# T\n"


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        ("\n<!-- world2vlm:keep a -->\ntext\n", r"^README\.md:2: keep mark 'a' is not closed"),
        ("\n\n<!-- /world2vlm:keep -->", r"^README\.md:3: a keep mark is closed that was not"),
        (pair("a", f"\n{pair('b')}"), r"^README\.md:2: keep mark 'b' stands within 'a'.*line 1"),
        (f"{pair('a')}\n{pair('a')}", r"^README\.md:3: keep mark 'a' comes a second time"),
        ("<!-- world2vlm:keep -->\n<!-- /world2vlm:keep -->", r"README\.md:1: .* is damaged"),
        ("<!-- world2vlm:keep a --\n<!-- /world2vlm:keep -->", r"README\.md:1: .* is damaged"),
        ("\n<!-- World2VLM: keep a -->\n", r"README\.md:2: .* is damaged"),
        ("<!-- world2vlm:keep a b -->\n", r"README\.md:1: .* is damaged"),
    ],
)
def test_a_damaged_mark_is_one_error_with_its_line(card, expected):
    with pytest.raises(RecordInvalid, match=expected) as caught:
        kept(card)
    assert "nothing was written over" in str(caught.value)


def test_a_card_that_is_no_text_is_said_with_its_line(tmp_path):
    assert read_sections(tmp_path / "README.md") == {}
    (tmp_path / "README.md").write_bytes(b"# T\n\n\xff\n")
    with pytest.raises(RecordInvalid, match=r"README\.md:3: is not UTF-8"):
        read_sections(tmp_path / "README.md")

"""What was written into the card on the Hub, between its marks, is still there after a push."""

import hashlib
import json

import pytest

from builder.publish.kept import pair, read_sections, sections

CARD = "README.md"


def card_of(hub, revision="main"):
    entry = hub.dataset().tree(revision)[CARD]
    return (hub.blobs / entry.oid).read_bytes()


def write(card, name, text):
    """Return a card with a text between its marks."""
    old = pair(name)
    assert old in card
    return card.replace(old, pair(name, f"\n{text}\n"))


def edit_on_hub(hub, name, text):
    page = write(card_of(hub).decode(), name, text)
    hub.add("dataset", "NS/World2VLM", CARD, page.encode())


def edit_here(folder, name, text):
    page = write((folder / CARD).read_text(), name, text)
    (folder / CARD).write_text(page)


def test_a_section_written_on_the_hub_is_carried_over_and_the_plan_says_so(hub, client, folder):
    assert client.push(folder).status == 0
    edit_on_hub(hub, "about", "Used by us | for ünits.")
    edit_here(folder, "notes", "From here.")
    before = (folder / CARD).read_bytes()
    said = client.push(folder, "--dry-run")
    assert "section 'about' is kept as it is on the Hub" in said.printed, said.printed
    done = client.push(folder)
    assert done.status == 0, done.printed
    bodies = {name: one.body.strip() for name, one in sections(card_of(hub).decode(), "").items()}
    assert bodies == {"about": "Used by us | for ünits.", "notes": "From here."}
    assert (folder / CARD).read_bytes() == before, "the build's own is not touched"
    manifest = hub.dataset().tree()["manifest.json"]
    listed = json.loads((hub.blobs / manifest.oid).read_bytes())["files"]
    named = next(entry for entry in listed if entry["path"] == CARD)
    assert named["sha256"] == hashlib.sha256(card_of(hub)).hexdigest()
    assert "nothing to send" in client.push(folder).printed


def test_a_section_of_ones_own_changes_with_the_next_push(hub, client, folder):
    edit_here(folder, "about", "First.")
    assert client.push(folder).status == 0
    text = (folder / CARD).read_text().replace("First.", "Second.")
    (folder / CARD).write_text(text)
    done = client.push(folder)
    assert done.status == 0, done.printed
    assert "section 'about' of the Hub is replaced by yours" in done.printed
    assert b"Second." in card_of(hub)


def test_two_texts_written_apart_are_not_decided_here(hub, client, folder):
    assert client.push(folder).status == 0
    edit_on_hub(hub, "about", "Theirs.")
    edit_here(folder, "about", "Ours.")
    commits = len(hub.dataset().commits)
    done = client.push(folder)
    assert done.status == 2, done.printed
    assert "section 'about' of README.md was edited on the Hub" in done.printed
    assert len(hub.dataset().commits) == commits
    assert b"Theirs." in card_of(hub)


@pytest.mark.parametrize("where", ["here", "there"])
def test_a_damaged_mark_is_said_with_its_line_and_nothing_is_sent(hub, client, folder, where):
    assert client.push(folder).status == 0
    page = (folder / CARD).read_text()
    line = page[: page.index("<!-- /world2vlm:keep -->")].count("\n") + 1
    broken = page.replace("<!-- /world2vlm:keep -->", "<!-- /world2vlm:keep", 1)
    if where == "here":
        (folder / CARD).write_text(broken)
    else:
        hub.add("dataset", "NS/World2VLM", CARD, broken.encode())
    commits = len(hub.dataset().commits)
    done = client.push(folder)
    assert done.status == 1, done.printed
    assert f"README.md:{line}: a keep mark is damaged" in done.printed
    assert len(hub.dataset().commits) == commits
    assert "Traceback" not in done.printed


def test_a_pull_request_carries_over_what_main_has(hub, client, folder):
    assert client.push(folder).status == 0
    edit_on_hub(hub, "notes", "On main.")
    done = client.push(folder, "--create-pr")
    assert done.status == 0, done.printed
    hub_card = card_of(hub, "refs/pr/1").decode()
    assert sections(hub_card, "")["notes"].body.strip() == "On main."
    assert read_sections(folder / CARD)["notes"].is_empty

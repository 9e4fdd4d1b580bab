"""What people wrote into the card on the Hub, carried over into the card that is published.

A card may be edited on the Hub between its marks (`builder.publish.kept`), which the build that is
pushed has never seen. Such text is kept. Whether it was written there after the last push is told
by the manifest beside it, which names the card as it was pushed.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace

from builder.core.errors import ConfigError
from builder.publish.kept import Section, sections, text_of, with_sections
from builder.publish.push_release import CARD, MANIFEST, Local, Release

Read = Callable[[str], bytes | None]  # a file of the repository by its path; None: there is none


def with_remote_card(release: Release, read: Read, repo: str) -> tuple[Release, list[str]]:
    """Return the release with what the card on the Hub has and its own lacks, and what to say.

    Args:
        release: What is to be published.
        read: Returns a file of the repository, as it is before this push.
        repo: Its name.

    Raises:
        RecordInvalid: If a mark of either card is damaged, or one is not UTF-8.
        ConfigError: If a section was written here and, since the last push, another on the Hub.
    """
    here = (release.folder / CARD).read_bytes()
    own = text_of(here, str(release.folder / CARD))
    mine = sections(own, str(release.folder / CARD))
    there = read(CARD) or b""
    where = f"{repo}: {CARD}"
    theirs = {
        name: section
        for name, section in sections(text_of(there, where), where).items()
        if not section.is_empty
    }
    lacking = {name: theirs[name] for name in theirs if name not in mine or mine[name].is_empty}
    unlike = [name for name in theirs if name not in lacking and _differs(mine[name], theirs[name])]
    if unlike and not _is_as_pushed(there, read(MANIFEST)):
        raise ConfigError(
            f"{repo}: section {unlike[0]!r} of {CARD} was edited on the Hub since it was pushed,"
            f" and yours says something else; nothing was sent; take the Hub's text over into"
            f" {release.folder / CARD}, or empty one of the two"
        )
    said = [f"{CARD}: section {name!r} is kept as it is on the Hub" for name in lacking]
    said += [f"{CARD}: section {name!r} of the Hub is replaced by yours" for name in unlike]
    page = with_sections(own, lacking).encode() if lacking else here
    return _with_card(release, page), said


def _differs(mine: Section, theirs: Section) -> bool:
    return mine.body.strip() != theirs.body.strip()


def _is_as_pushed(card: bytes, manifest: bytes | None) -> bool:
    """Whether a card is the one that the manifest beside it names."""
    try:
        listed = json.loads(manifest or b"{}")["files"]
        named = {entry["path"]: entry["sha256"] for entry in listed}
    except (ValueError, LookupError, TypeError):
        return False
    return named.get(CARD) == hashlib.sha256(card).hexdigest()


def _with_card(release: Release, page: bytes) -> Release:
    """Return a release with this card, and a manifest that names it as it is."""
    manifest = json.loads((release.folder / MANIFEST).read_bytes())
    card = _local(CARD, page)
    size = {"bytes": card.size, "sha256": card.sha256}
    files = [{**e, **size} if e["path"] == CARD else e for e in manifest["files"]]
    text = json.dumps({**manifest, "files": files}, indent=2, ensure_ascii=False) + "\n"
    changed: Mapping[str, Local] = {CARD: card, MANIFEST: _local(MANIFEST, text.encode())}
    kept = [changed.get(file.path, file) for file in release.files]
    return replace(release, files=tuple(kept))


def _local(path: str, content: bytes) -> Local:
    blob = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False)
    return Local(path, len(content), hashlib.sha256(content).hexdigest(), blob.hexdigest(), content)

"""A part of a build as a build of its own: its records chosen, its places linked to, not copied."""

import hashlib
import json
from pathlib import Path


def places_of(out: Path) -> list[str]:
    """Return the names of all places, in an order that has nothing to do with their names."""
    names = {path.name for path in out.glob("bundles/*/scenes/*")}
    return sorted(names, key=lambda name: hashlib.sha256(name.encode()).digest())


def first_places(out: Path, records: int) -> list[str]:
    """Return as many places, in that order, as it takes to have so many records."""
    counts: dict[str, int] = {}
    for record in records_of(out):
        counts[record["scene_id"]] = counts.get(record["scene_id"], 0) + 1
    chosen, total = [], 0
    for name in places_of(out):
        if total >= records:
            break
        chosen.append(name)
        total += counts.get(name, 0)
    return chosen


def records_of(out: Path):
    """Yield the records of a build."""
    for file in sorted(out.glob("bundles/*/tasks.jsonl")):
        with file.open("rb") as lines:
            yield from map(json.loads, lines)


def part(out: Path, to: Path, places: list[str], change=lambda record: record) -> Path:
    """Make `to` a build that has some places of `out`, each record as `change` returns it."""
    wanted = set(places)
    for file in sorted(out.glob("bundles/*/tasks.jsonl")):
        folder = to / "bundles" / file.parent.name
        (folder / "scenes").mkdir(parents=True, exist_ok=True)
        for place in (file.parent / "scenes").iterdir():
            link = folder / "scenes" / place.name
            if place.name in wanted and not link.exists():
                link.symlink_to(place.resolve())
        with file.open("rb") as lines, (folder / "tasks.jsonl").open("wb") as kept:
            for line in lines:
                record = json.loads(line)
                if record["scene_id"] in wanted:
                    kept.write(json.dumps(change(record), ensure_ascii=False).encode() + b"\n")
    return to


def unique_pictures(out: Path) -> dict[bytes, int]:
    """Return the size in bytes of each different picture that records show, by its digest."""
    names = {
        out / "bundles" / folder / name
        for folder, name in (
            (file.parent.name, name)
            for file in out.glob("bundles/*/tasks.jsonl")
            for line in file.open("rb")
            for name in json.loads(line)["images"]
        )
    }
    found = {}
    for path in names:
        data = path.read_bytes()
        found[hashlib.blake2b(data, digest_size=16).digest()] = len(data)
    return found

"""How much a check has looked at, so that "no issue" says of what."""

from dataclasses import dataclass


@dataclass(slots=True)
class Counted:
    """Counts of what was checked; a check adds to it as it goes.

    Attributes:
        files: Files of records, tracks, manifests, and JSON documents.
        records: Rows, of JSON Lines and Parquet.
        foreign: Those of them that are held to the three core fields alone.
        images: Different pictures that were opened.
        bundles: Trajectory folders.
    """

    files: int = 0
    records: int = 0
    foreign: int = 0
    images: int = 0
    bundles: int = 0

    def __str__(self) -> str:
        """Return such as `checked 5 files, 800 records, 310 images, 40 bundles`."""
        parts = [_plural(self.files, "file"), _plural(self.records, "record")]
        if self.foreign:
            parts[-1] += f" ({self.foreign} of them by the core schema alone)"
        parts += [_plural(self.images, "image"), _plural(self.bundles, "bundle")]
        return f"checked {', '.join(parts)}"


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"

"""How much a check has looked at, so that "no issue" says of what."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Counted:
    """Counts of what was checked; a check adds to it as it goes.

    Attributes:
        files: Files of records, tracks, manifests, and JSON documents.
        records: Rows, of JSON Lines and Parquet.
        foreign: Those of them that are held to the three core fields alone.
        images: Different pictures that were opened.
        bundles: Trajectory folders.
        licenses: Records by their license.
    """

    files: int = 0
    records: int = 0
    foreign: int = 0
    images: int = 0
    bundles: int = 0
    licenses: Counter[str] = field(default_factory=Counter)

    def licensed(self, license_: object) -> None:
        """Count a record's license, if it is a text."""
        if isinstance(license_, str):
            self.licenses[license_] += 1

    def add(self, other: "Counted") -> None:
        """Add what another has counted."""
        self.files += other.files
        self.records += other.records
        self.foreign += other.foreign
        self.images += other.images
        self.bundles += other.bundles
        self.licenses.update(other.licenses)

    def mixture(self) -> str:
        """Return a line that names the licenses if there are several; "" if there is one.

        It is no issue: photographs and rooms may lie in one build, and each record says its own.
        """
        if len(self.licenses) < 2:
            return ""
        most = sorted(self.licenses.most_common(8))
        parts = [f"{name} ({_plural(count, 'record')})" for name, count in most]
        more = len(self.licenses) - len(most)
        parts += [f"and {more} more"] if more else []
        return f"licenses are mixed: {', '.join(parts)}"

    def __str__(self) -> str:
        """Return such as `checked 5 files, 800 records, 310 images, 40 bundles`."""
        parts = [_plural(self.files, "file"), _plural(self.records, "record")]
        if self.foreign:
            parts[-1] += f" ({self.foreign} of them by the core schema alone)"
        parts += [_plural(self.images, "image"), _plural(self.bundles, "bundle")]
        return f"checked {', '.join(parts)}"


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"

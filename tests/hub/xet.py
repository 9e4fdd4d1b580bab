"""What hf_xet writes into a CAS that is a folder (`local://`): which files, by which hashes."""

import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

_ENTRY_BYTES = 48
_VERIFIED, _WITH_SHA256 = 1 << 31, 1 << 30
_WHOLE = """
import sys, hf_xet
group = hf_xet.XetSession().new_file_download_group(endpoint=sys.argv[1])
group.start_download_file(hf_xet.XetFileInfo(sys.argv[2], int(sys.argv[3])), sys.argv[4])
group.wait_to_finish()
"""


def file_hashes(cas: Path) -> dict[str, str]:
    """Return the Xet hash of each file, by its sha256."""
    return {sha256: file for sha256, file, _ in _files(cas)}


def sizes(cas: Path) -> dict[str, int]:
    """Return the size of each file in bytes, by its Xet hash."""
    return {file: size for _, file, size in _files(cas)}


def whole(cas: Path, file: str, size: int) -> bytes:
    """Return a file, put together by hf_xet in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        to = Path(folder) / "file"
        arguments = [f"local://{cas}", file, str(size), str(to)]
        subprocess.run([sys.executable, "-c", _WHOLE, *arguments], check=True, timeout=60)
        return to.read_bytes()


def _files(cas: Path) -> Iterator[tuple[str, str, int]]:
    for shard in [*cas.rglob("*.mdb"), *cas.rglob("*.mdbshard")]:
        yield from _files_of(shard.read_bytes())


def _files_of(data: bytes) -> Iterator[tuple[str, str, int]]:
    """Yield (sha256, Xet hash, size) of the files of a shard: a header, then a run of entries.

    The first entry of a file holds its hash, flags and the number of its segments; each segment
    its length; then come as many entries that verify them, and one with the sha256.
    """
    at = _ENTRY_BYTES
    while at + _ENTRY_BYTES <= len(data) and data[at : at + 32] != b"\xff" * 32:
        file = _hex(data[at : at + 32])
        flags, segments = struct.unpack("<II", data[at + 32 : at + 40])
        at += _ENTRY_BYTES
        lengths = [
            struct.unpack("<I", data[start + 36 : start + 40])[0]
            for start in range(at, at + _ENTRY_BYTES * segments, _ENTRY_BYTES)
        ]
        at += _ENTRY_BYTES * segments * (2 if flags & _VERIFIED else 1)
        if flags & _WITH_SHA256:
            yield _hex(data[at : at + 32]), file, sum(lengths)
            at += _ENTRY_BYTES


def _hex(data: bytes) -> str:
    """Return a hash as Xet writes it: four little-endian numbers."""
    return "".join(f"{number:016x}" for number in struct.unpack("<4Q", data))

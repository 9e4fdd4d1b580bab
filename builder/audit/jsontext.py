"""JSON as it stands in a file: strict, line by line, with all that `json.loads` lets pass.

With the extra [fast] a line is read by `jiter` first, which refuses a key that comes twice. What it
refuses, and a number too large for a float, is read again by the strict reader, which words what is
wrong.
"""

import functools
import importlib.util
import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from builder.audit.issue import Finding
from builder.audit.stretch import LONGEST_LINE_BYTES, WHOLE, Stretch, skip_line
from builder.schemas.report import pointer_to

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_NOT_PARSED = object()
_NESTED = frozenset({dict, list, float})
_BATCH_BYTES = 1 << 16  # some dozens of records


class Line(NamedTuple):
    """One line of a JSON Lines file.

    Attributes:
        number: Counts from 1.
        value: The parsed value; meaningless unless `parsed`.
        parsed: Whether there is a value.
        findings: What is wrong with the text.
    """

    number: int
    value: Any
    parsed: bool
    findings: tuple[Finding, ...]


class _Repeated(dict[str, Any]):
    """An object that has a key twice, with the names of such keys."""

    names: tuple[str, ...] = ()


class _Reader:
    """A JSON decoder that notes what must be looked for in a value after parsing."""

    def __init__(self) -> None:
        self.suspicious = False
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._object, parse_float=self._float, parse_constant=self._float
        )

    def value(self, text: str) -> Any:  # noqa: ANN401 - JSON
        self.suspicious = "\\ud" in text or "\\uD" in text
        return self._decoder.decode(text)

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        plain = dict(pairs)
        if len(plain) == len(pairs):
            return plain
        self.suspicious = True
        repeated, seen = _Repeated(plain), set[str]()
        names = (name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        repeated.names = tuple(dict.fromkeys(names))
        return repeated

    def _float(self, text: str) -> float:
        number = float(text)
        if not math.isfinite(number):
            self.suspicious = True
        return number


def read_lines(path: Path, part: Stretch = WHOLE) -> Iterator[Line]:
    """Yield every line that is not blank, parsed or with the reason why not.

    Args:
        path: The file.
        part: Which of its lines.

    Raises:
        OSError: If the file cannot be read.
    """
    reader = _Reader()
    for one in _texts(path, part):
        yield _line(one, reader)


def read_batches(path: Path, part: Stretch = WHOLE) -> Iterator[list[Line]]:
    """Yield the lines that `read_lines` does, some dozens at a time.

    Whoever takes each step for a batch before the next step is a fifth faster than with line after
    line: the reader, the schema's engine and the rules else drive each other out of the processor's
    caches.

    Raises:
        OSError: If the file cannot be read.
    """
    reader = _Reader()
    batch: list[_Text] = []
    size_bytes = 0
    for one in _texts(path, part):
        batch.append(one)
        size_bytes += len(one.raw)
        if size_bytes >= _BATCH_BYTES:
            yield [_line(text, reader) for text in batch]
            batch, size_bytes = [], 0
    if batch:
        yield [_line(text, reader) for text in batch]


class _Text(NamedTuple):
    """A line as it stands in a file, or the reason why it is not to be parsed."""

    number: int
    raw: bytes
    fault: Finding | None = None


def _texts(path: Path, part: Stretch) -> Iterator[_Text]:
    blank = 0
    with path.open("rb") as file:
        file.seek(part.start)
        number, at = part.first - 1, part.start
        while (part.end is None or at < part.end) and (
            raw := file.readline(LONGEST_LINE_BYTES + 1)
        ):
            number += 1
            at += len(raw)
            if blank and not raw.isspace():
                text = "only the end of a file may be blank"
                yield _Text(blank, b"", Finding("", "blank-line", text))
                blank = 0
            if len(raw) > LONGEST_LINE_BYTES:
                skipped, ends = skip_line(file, raw)
                at += skipped
                rest = "" if ends else "; it goes on, and the rest of the file is not checked"
                text = f"more than {LONGEST_LINE_BYTES} bytes{rest}"
                yield _Text(number, b"", Finding("", "line-too-long", text))
                if ends:
                    continue
                return
            if raw.isspace():
                blank = blank or number
                continue
            yield _Text(number, raw)


def read_document(path: Path) -> Line:
    """Return the one value of a JSON file; its number is 0.

    Raises:
        OSError: If the file cannot be read.
    """
    return _line(_Text(0, path.read_bytes() + b"\n"), _Reader())


def _line(text: _Text, reader: _Reader) -> Line:
    number, raw, fault = text
    if fault is not None:
        return Line(number, None, False, (fault,))
    value = quickly(raw)
    return strictly(raw, number, reader) if value is _NOT_PARSED else Line(number, value, True, ())


def quickly(raw: bytes) -> Any:  # noqa: ANN401 - JSON
    """Return a line's value if `jiter` is there and finds nothing wrong in its text."""
    loads = _jiter_loads()
    if loads is None:
        return _NOT_PARSED
    try:
        value = loads(raw)
    except ValueError:
        return _NOT_PARSED
    return value if _finite(value) else _NOT_PARSED


@functools.cache
def _jiter_loads() -> Callable[[bytes], Any] | None:
    if importlib.util.find_spec("jiter") is None:
        return None
    import jiter

    return functools.partial(
        jiter.from_json, allow_inf_nan=False, cache_mode="all", catch_duplicate_keys=True
    )


def _finite(value: Any) -> bool:  # noqa: ANN401 - JSON
    """Whether all floats in a value are: `jiter` reads 1e999 as infinite, as `json` does."""
    kind = type(value)
    if kind is float:
        return math.isfinite(value)
    if kind is not dict and kind is not list:
        return True
    for item in value.values() if kind is dict else value:
        if type(item) in _NESTED and not _finite(item):
            return False
    return True


def strictly(raw: bytes, number: int, reader: _Reader) -> Line:
    """Return a line read by `json`, with everything that is wrong in its text."""
    findings = []
    if raw.startswith(_BYTE_ORDER_MARK) and number <= 1:
        findings.append(Finding("", "byte-order-mark", "the file begins with one; take it away"))
        raw = raw[len(_BYTE_ORDER_MARK) :]
    value = _value(raw, reader, findings)
    if value is _NOT_PARSED:
        return Line(number, None, False, tuple(findings))
    if reader.suspicious:
        findings.extend(_text_findings(value, ()))
    return Line(number, value, True, tuple(findings))


def _value(raw: bytes, reader: _Reader, findings: list[Finding]) -> Any:  # noqa: ANN401 - JSON
    try:
        return reader.value(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        where = f"byte {error.start + 1} is 0x{raw[error.start]:02x}"
        findings.append(Finding("", "not-utf8", f"{where}, which is no UTF-8 there"))
    except json.JSONDecodeError as error:
        if raw.endswith(b"\n"):
            text = f"{error.msg} at character {error.pos + 1}"
            findings.append(Finding("", "not-json", text))
        else:
            text = "the last line breaks off and has no line end: the file was not written whole"
            findings.append(Finding("", "truncated-line", text))
    except RecursionError:
        findings.append(Finding("", "not-json", "nested too deeply"))
    except ValueError:  # an integer of more digits than Python reads
        findings.append(Finding("", "not-json", "a number has too many digits"))
    return _NOT_PARSED


def _text_findings(value: Any, path: tuple[str | int, ...]) -> Iterator[Finding]:  # noqa: ANN401
    """Find in a parsed value what the decoder only noticed to be somewhere."""
    if isinstance(value, float) and not math.isfinite(value):
        yield Finding(pointer_to(*path), "not-finite", f"got {value}; a number must be finite")
    elif isinstance(value, str):
        yield from _surrogates(value, path)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _text_findings(item, (*path, index))
    elif isinstance(value, dict):
        for name in getattr(value, "names", ()):
            text = f"key {name!r} stands twice in one object; the first is lost"
            yield Finding(pointer_to(*path, name), "repeated-key", text)
        for name, item in value.items():
            yield from _surrogates(name, path)
            yield from _text_findings(item, (*path, name))


def _surrogates(text: str, path: tuple[str | int, ...]) -> Iterator[Finding]:
    if any("\ud800" <= mark <= "\udfff" for mark in text):
        yield Finding(pointer_to(*path), "lone-surrogate", "holds half of a surrogate pair")

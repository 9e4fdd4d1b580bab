"""JSON as it stands in a file: strict, line by line, with all that `json.loads` lets pass.

With the extra [fast] a line is read by `orjson` first. What that refuses, or may have read in
another way than `json` does, is read again by the strict reader, which words what is wrong.
"""

import functools
import importlib.util
import json
import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from builder.audit.issue import Finding
from builder.audit.stretch import LONGEST_LINE_BYTES, WHOLE, Stretch, skip_line
from builder.schemas.report import pointer_to

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_NOT_PARSED = object()
_SPACED_KEY_END = re.compile(rb'"[ \t\r\n]*:')
_NESTED = frozenset({dict, list, float})
_EXACT = 2.0**63  # beyond it, orjson gives a float where json gives an integer


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
    reader, blank = _Reader(), 0
    with path.open("rb") as file:
        file.seek(part.start)
        number, at = part.first - 1, part.start
        while (part.end is None or at < part.end) and (
            raw := file.readline(LONGEST_LINE_BYTES + 1)
        ):
            number += 1
            at += len(raw)
            if blank and not raw.isspace():
                yield _unparsed(blank, "blank-line", "only the end of a file may be blank")
                blank = 0
            if len(raw) > LONGEST_LINE_BYTES:
                skipped, ends = skip_line(file, raw)
                at += skipped
                rest = "" if ends else "; it goes on, and the rest of the file is not checked"
                text = f"more than {LONGEST_LINE_BYTES} bytes{rest}"
                yield _unparsed(number, "line-too-long", text)
                if ends:
                    continue
                return
            if raw.isspace():
                blank = blank or number
                continue
            yield _line(raw, number, reader)


def read_document(path: Path) -> Line:
    """Return the one value of a JSON file; its number is 0.

    Raises:
        OSError: If the file cannot be read.
    """
    return _line(path.read_bytes() + b"\n", 0, _Reader())


def _unparsed(number: int, rule: str, message: str) -> Line:
    return Line(number, None, False, (Finding("", rule, message),))


def _line(raw: bytes, number: int, reader: _Reader) -> Line:
    value = quickly(raw)
    return strictly(raw, number, reader) if value is _NOT_PARSED else Line(number, value, True, ())


def quickly(raw: bytes) -> Any:  # noqa: ANN401 - JSON
    """Return a line's value if `orjson` is there and surely reads what `json` does."""
    loads = _orjson_loads()
    if loads is None:
        return _NOT_PARSED
    try:
        value = loads(raw)
        keys = _keys(value)
    except (ValueError, RecursionError):
        return _NOT_PARSED
    return value if keys == _key_ends(raw) else _NOT_PARSED


@functools.cache
def _orjson_loads() -> Callable[[bytes], Any] | None:
    if importlib.util.find_spec("orjson") is None:
        return None
    import orjson

    loads: Callable[[bytes], Any] = orjson.loads
    return loads


def _keys(value: Any) -> float:  # noqa: ANN401 - JSON
    """Count the keys in a value, all objects together; -inf if a number may not be exact."""
    kind = type(value)
    if kind is float:
        return 0 if -_EXACT < value < _EXACT else -math.inf
    if kind is not dict and kind is not list:
        return 0
    count: float = len(value) if kind is dict else 0
    for item in value.values() if kind is dict else value:
        inner = type(item)
        if inner is not str and inner in _NESTED:
            count += _keys(item)
    return count


def _key_ends(raw: bytes) -> int:
    """Count what may end a key in a line: no less than there are, with those that come twice."""
    broken_off = raw.find(b"\n") not in (-1, len(raw) - 1)  # a document of several lines
    if b" :" in raw or b"\t" in raw or b"\r" in raw or broken_off:
        return len(_SPACED_KEY_END.findall(raw))
    return raw.count(b'":')


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

"""HTTP of the local hub: routes, bodies, faults to order. For loopback: nothing is secure."""

import json
import re
import socket
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

from hub.stored import Commit, Fault, HubState, Repo, Seen

NAME = r"(?P<name>[\w.\-]+/[\w.\-]+)"
API = rf"/api/(?P<kind>model|dataset|space)s/{NAME}"
REVISION = r"(?P<revision>[^/]+)"

_ROUTES: list[tuple[str, re.Pattern[str], Callable[..., None]]] = []


class Refused(Exception):  # noqa: N818 - it is an answer
    def __init__(self, status: int, message: str, code: str = "", **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.headers = {"X-Error-Message": message, **headers}
        if code:
            self.headers["X-Error-Code"] = code


def route(method: str, pattern: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Have a function answer what matches; it is given the handler and the named groups."""

    def register(answer: Callable[..., None]) -> Callable[..., None]:
        _ROUTES.append((method, re.compile(f"^{pattern}$"), answer))
        return answer

    return register


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: ClassVar[HubState]

    def log_message(self, *_: Any) -> None:
        """Be quiet."""

    def body(self) -> bytes:
        if self._body is None:
            if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
                self._body = b"".join(self._chunks())
            else:
                self._body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        return self._body

    def json(self) -> Any:
        return json.loads(self.body() or b"{}")

    @property
    def endpoint(self) -> str:
        return f"http://{self.headers['Host']}"

    def send(self, value: Any = b"", status: int = 200, **headers: str) -> None:
        """Answer with bytes, or with JSON."""
        self.body()  # always drained: else keep-alive reads it as the next request
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        kind = "application/octet-stream" if isinstance(value, bytes) else "application/json"
        self._status = status
        if self._lost:
            self._drop()
            return
        self.send_response(status)
        for key, text in {
            "Content-Type": kind,
            "Content-Length": str(len(data)),
            **headers,
        }.items():
            self.send_header(key, text)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def repo(self, kind: str | None, name: str) -> Repo:
        repo = self.hub.repos.get((kind or "model", name))
        if repo is None or (repo.private and not self._is_known()):
            raise Refused(404 if repo is None else 401, "Repository not found", "RepoNotFound")
        return repo

    def commit(self, repo: Repo, revision: str) -> Commit:
        found = repo.found(unquote(revision))
        if found is None:
            raise Refused(404, f"Invalid rev id: {unquote(revision)}", "RevisionNotFound")
        return found

    def must_be_known(self) -> None:
        if not self._is_known():
            raise Refused(401, "Invalid username or password.")

    def answer(self) -> None:
        self._body: bytes | None = None
        self._status, self._lost = 0, False
        url = urlsplit(self.path)
        self.query = {key: values[-1] for key, values in parse_qs(url.query).items()}
        try:
            self._dispatch(url.path)
        except Refused as refused:
            self.send({"error": str(refused)}, refused.status, **refused.headers)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            size = len(self._body or b"")
            self.hub.log.append(Seen(self.command, url.path, self._status, size))

    # As the base class wants them named.
    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = answer  # noqa: N815

    def _dispatch(self, path: str) -> None:
        if fault := self._fault(path):
            self._fail(fault)
        method = "GET" if self.command == "HEAD" else self.command
        for known, pattern, function in _ROUTES:
            if known == method and (match := pattern.match(path)):
                if method != "GET" and not path.startswith(("/_lfs/", "/api/validate-yaml")):
                    self.must_be_known()
                return function(self, **match.groupdict())
        raise Refused(404, f"no route {self.command} {path}")

    def _fault(self, path: str) -> Fault | None:
        for fault in self.hub.faults:
            if fault.times and fault.method == self.command and re.search(fault.pattern, path):
                if fault.skip:
                    fault.skip -= 1
                    return None
                fault.times -= 1
                return fault
        return None

    def _fail(self, fault: Fault) -> None:
        self.body()
        if fault.late:
            self._lost = True
        elif fault.status == 0:
            self._drop()
            raise ConnectionResetError
        else:
            said = fault.message.replace("{token}", self.headers.get("Authorization", "")[7:])
            raise Refused(fault.status, said, **fault.headers)

    def _drop(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _is_known(self) -> bool:
        return self.headers.get("Authorization") == f"Bearer {self.hub.token}"

    def _chunks(self) -> Any:
        while size := int(self.rfile.readline().split(b";")[0], 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

"""A local stand-in for the Hugging Face Hub that the real clients speak to, for tests."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path

from hub import files, repositories
from hub.stored import HubState
from hub.wire import Handler

ANSWERS = (files, repositories)  # imported for their routes


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


@contextmanager
def serving(root: Path, mode: str = "lfs") -> Iterator[tuple[HubState, str]]:
    """Serve from a thread; give the state and the address, as HF_ENDPOINT wants it.

    Args:
        root: Takes the bytes.
        mode: "lfs", "xet" or "regular": how Parquet is to be sent.
    """
    hub = HubState(root, mode)
    with _Server(("127.0.0.1", 0), type("Here", (Handler,), {"hub": hub})) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield hub, f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()

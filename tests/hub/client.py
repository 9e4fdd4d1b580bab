"""Calls of `world2vlm`, one a line, in a process that was told of the local hub before it began."""

import io
import json
import os
import sys
import time
import traceback
from contextlib import redirect_stderr, redirect_stdout

SLEEP = time.sleep


def answer(call):
    """Run one call; return its exit status and all that it printed."""
    from builder.cli import main
    from builder.publish import push

    os.environ.pop("HF_TOKEN", None)
    os.environ.update(call["env"])
    push.BATCH_BYTES = call["batch_bytes"]
    if call["hurry"]:
        time.sleep = lambda _: None
    printed = io.StringIO()
    with redirect_stdout(printed), redirect_stderr(printed):
        try:
            status = main(call["arguments"])
        except SystemExit as error:
            status = error.code
        except BaseException:
            traceback.print_exc()
            status = 99
    time.sleep = SLEEP
    return {"status": status, "printed": printed.getvalue()}


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
        sys.stdout.flush()

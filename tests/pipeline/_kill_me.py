"""A build in a process of its own, to be killed: `python -m pipeline._kill_me OUT`."""

import sys
import time
from pathlib import Path

from pipeline._build import CONFIG, ends
from pipeline._toy import toy_tools

from builder.pipeline.build import build


def wait(_record):
    """Find nothing wrong, so late that the build never ends before it is killed."""
    time.sleep(60)
    return []


if __name__ == "__main__":
    build(CONFIG, Path(sys.argv[1]), toy_tools, ends([], check=wait))

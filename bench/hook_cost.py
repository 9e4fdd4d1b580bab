"""What the start-up hook costs: starting Python with it and without, least of 40 runs each.

CPU time of the whole process, since wall time says more about what else the machine does. Both
kinds run in turn, without `site`, so that an installed hook is not counted in both.
"""

import os
import sys
from pathlib import Path

RUNS = 40
TARGET_MS = 2.0
STARTUP = Path(__file__).resolve().parents[1] / "startup"

WITHOUT = f"import os, sys; sys.path.append({str(STARTUP)!r})"
WITH = f"{WITHOUT}; import _world2vlm_startup; _world2vlm_startup.install()"


def cpu_ms(code: str) -> float:
    """Return the CPU time of one interpreter that runs `code` and ends."""
    arguments = [sys.executable, "-I", "-S", "-c", code]
    child = os.posix_spawn(sys.executable, arguments, os.environ)
    _, status, usage = os.wait4(child, 0)
    if status:
        raise RuntimeError(f"{arguments} ended with status {status}")
    return (usage.ru_utime + usage.ru_stime) * 1000


def main() -> int:
    """Print both minima and their difference; 1 if it is more than the target."""
    cpu_ms(WITH)  # compiles the module once, as pip does when it installs
    pairs = [(cpu_ms(WITHOUT), cpu_ms(WITH)) for _ in range(RUNS)]
    without_ms, with_ms = (min(column) for column in zip(*pairs, strict=True))
    print(f"starting Python: {without_ms:.2f} ms, with the hook {with_ms:.2f} ms")
    print(f"the hook costs {with_ms - without_ms:.2f} ms (target: at most {TARGET_MS:.0f} ms)")
    return int(with_ms - without_ms > TARGET_MS)


if __name__ == "__main__":
    sys.exit(main())

"""Push a release, end the process midway, push again: what was sent, in a log.

    python bench/push_kill_resume.py out/World2VLM

The real `huggingface_hub` speaks to the local hub of `tests/hub` (LFS; uploads and commits slowed
down, so that SIGKILL hits midway). Nothing is written into the release.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from hub import calls
from hub.server import serving

REPO = "NS/World2VLM"
LINE = f"world2vlm push World2VLM --repo {REPO} --yes"
WAITING = ".incoming/"


def main():
    """Print the log; exit 1 if a byte was sent twice or a reader could see half a release."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("release", type=Path, help="a packed build, World2VLM/")
    parser.add_argument("--slow", type=float, default=1.0, metavar="S", help="a request, seconds")
    parser.add_argument("--batch", type=int, default=20_000_000, help="bytes of a commit")
    args = parser.parse_args()
    calls.BATCH_BYTES = args.batch
    sizes = {path: file.stat().st_size for path, file in _shards(args.release)}
    print(f"{len(sizes)} shards, {sum(sizes.values()):,} bytes")
    with tempfile.TemporaryDirectory() as place, serving(Path(place) / "hub") as (hub, endpoint):
        client = calls.Client(endpoint, Path(place) / "home", hub.token)
        try:
            hub.slow_s = args.slow
            _killed(hub, client, args.release, len(sizes))
            hub.slow_s = 0
            _resumed(hub, client, args.release, sizes)
            return _again(hub, client, args.release, sizes)
        finally:
            client.close()


def _killed(hub, client, release, shards):
    begun_s = time.monotonic()
    process = client.start("push", str(release), "--repo", REPO, "--yes")
    calls.wait_until(lambda: len(hub.uploads()) > shards // 2, 1800)
    process.kill()
    process.wait()
    tree = hub.dataset().tree()
    waiting = [path for path in tree if path.startswith(WAITING)]
    print(f"{LINE}\n  SIGKILL after {time.monotonic() - begun_s:.1f} s: {_sent(hub)} taken")
    print(f"  visible files: {len(tree) - len(waiting)}; {len(waiting)} shards in {WAITING}")


def _resumed(hub, client, release, sizes):
    before, begun_s = len(hub.uploads()), time.monotonic()
    done = client.push(release, "--tag")
    took_s, uploads = time.monotonic() - begun_s, hub.uploads()
    print(f"{LINE} --tag\n  status {done.status}, {took_s:.1f} s, {len(uploads) - before} taken")
    print(f"  in all {_sent(hub)}, {len(set(uploads))} different; shards {sum(sizes.values()):,}")
    for commit in hub.dataset().history():
        waiting = sum(path.startswith(WAITING) for path in commit.tree)
        print(f"  commit {commit.title!r}: {len(commit.tree) - waiting} files, {waiting} waiting")
    print(f"  tags: {', '.join(hub.dataset().tags)}")


def _again(hub, client, release, sizes):
    before, commits, begun_s = len(hub.uploads()), len(hub.dataset().commits), time.monotonic()
    done = client.push(release, "--tag")
    sent, made = len(hub.uploads()) - before, len(hub.dataset().commits) - commits
    print(
        f"{LINE} --tag\n  status {done.status}, {time.monotonic() - begun_s:.1f} s: {sent} uploads,"
        f' {made} commits, "nothing to send" said: {"nothing to send" in done.printed}'
    )
    once = len(hub.uploads()) == len(set(hub.uploads())) and not sent and not made
    return 0 if once and done.status == 0 else 1


def _shards(release):
    return [
        (file.relative_to(release).as_posix(), file) for file in sorted(release.rglob("*.parquet"))
    ]


def _sent(hub):
    count = len(hub.uploads())
    sent = sum(seen.received for seen in hub.log if seen.method == "PUT" and seen.status == 200)
    return f"{count} uploads, {sent:,} bytes"


if __name__ == "__main__":
    sys.exit(main())

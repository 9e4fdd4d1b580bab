"""Calls of the command with the real `huggingface_hub`, in processes told of the local hub."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import builder

BESIDE = Path(__file__).parent
CODE = Path(builder.__file__).parent
BATCH_BYTES = 1_500_000  # so small that a small build takes some


@dataclass(frozen=True)
class Done:
    status: int
    printed: str


class Client:
    """The command, with the real `huggingface_hub`, against the local hub."""

    def __init__(self, endpoint, home, token):
        self.env = {
            **{key: text for key, text in os.environ.items() if not key.startswith("HF_")},
            "HF_ENDPOINT": endpoint,
            "HF_HOME": str(home),
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "HF_HUB_DISABLE_XET": "1",
            "HF_UPDATE_DOWNLOAD_COUNTS": "0",
            "PYTHONPATH": str(CODE.parent),
        }
        self.token = token
        self._process = None

    def call(self, *arguments, **env):
        """Run `world2vlm ARGUMENTS`; `HF_TOKEN=None` takes the token away, `HURRY=1` all waits."""
        if self._process is None:
            self._process = self.start()
        print(self._line(arguments, env), file=self._process.stdin, flush=True)
        return Done(**json.loads(self._process.stdout.readline()))

    def push(self, folder, *arguments, **env):
        return self.call("push", str(folder), "--repo", "NS/World2VLM", "--yes", *arguments, **env)

    def start(self, *arguments, **env):
        """Return a process that waits for calls, or has been given one."""
        process = subprocess.Popen(
            [sys.executable, str(BESIDE / "client.py")],
            env=self.env | env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        if arguments:
            print(self._line(arguments, {}), file=process.stdin, flush=True)
        return process

    def close(self):
        if self._process is not None:
            self._process.stdin.close()
            self._process.wait(20)

    def load(self, code):
        """Return what code binds to `result`, in a fresh process that must end."""
        done = subprocess.run(
            [sys.executable, "-c", f"import json\n{code}\nprint('RESULT', json.dumps(result))"],
            env=self.env,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.rpartition("RESULT ")[2])

    def _line(self, arguments, env):
        given = {"HF_TOKEN": self.token, **env}
        env = {key: text for key, text in given.items() if text is not None}
        hurry = bool(env.pop("HURRY", None))
        call = {"arguments": arguments, "env": env, "batch_bytes": BATCH_BYTES, "hurry": hurry}
        return json.dumps(call)


LOAD = """
import datasets
ids = lambda rows: sorted(row["record_id"] for row in rows)
result = []
for revision in ("main", "refs/pr/1"):
    told = dict(split="train", revision=revision)
    rows = datasets.load_dataset("NS/World2VLM", "svc-real", **told)
    streamed = list(datasets.load_dataset("NS/World2VLM", "svc-real", streaming=True, **told))
    result.append([ids(rows), ids(streamed), streamed[0]["images"][0].size, rows.num_rows])
"""


def loads(client):
    main, request = client.load(LOAD)
    assert main == request
    listed, streamed, size, count = main
    assert count == 12
    assert listed == streamed
    assert len(set(listed)) == 12
    assert min(size) > 100


def push_both_ways(hub, client, folder):
    assert client.push(folder).status == 0
    hub.dataset().open_talk("Publish World2VLM 0.1.0", hub.user)
    (folder / "NOTES.md").write_text("more")
    done = client.push(folder, "--create-pr")
    assert done.status == 0, done.printed
    assert "NOTES.md" in hub.dataset().tree("refs/pr/1")


def shards(folder):
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*.parquet")}


def paths(folder):
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


def wait_until(is_so, most_s=60.0):
    end = time.monotonic() + most_s
    while not is_so():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)

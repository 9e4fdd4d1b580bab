"""The local hub's answers on files: what to send how, taking them, commits, handing them out."""

import base64
import hashlib
import json
import re
import time
from typing import Any
from urllib.parse import unquote

from hub import xet
from hub.stored import Entry, git_blob
from hub.wire import API, NAME, REVISION, Handler, Refused, route

_LARGE = (".parquet", ".png", ".jpg")


@route("POST", f"{API}/preupload/{REVISION}")
def preupload(handler: Handler, kind: str, name: str, revision: str) -> None:
    repo = handler.repo(kind, name)
    tree = handler.commit(repo, revision).tree

    def told(asked: dict[str, Any]) -> dict[str, Any]:
        entry = tree.get(asked["path"])
        large = handler.hub.mode != "regular" and asked["path"].endswith(_LARGE)
        return {
            "path": asked["path"],
            "uploadMode": "lfs" if large else "regular",
            "shouldIgnore": False,
            "oid": entry and entry.key,
        }

    handler.send({"files": [told(asked) for asked in handler.json()["files"]]})


@route("POST", rf"/(?:(?P<kind>dataset|space)s/)?{NAME}\.git/info/lfs/objects/batch")
def lfs_batch(handler: Handler, kind: str | None, name: str) -> None:
    """Say for each large file where to put it; of one that is here already, say nothing."""
    handler.repo(kind, name)
    objects = []
    for asked in handler.json()["objects"]:
        entry = {"oid": asked["oid"], "size": asked["size"], "authenticated": True}
        if not handler.hub.keeps(asked["oid"]):
            href = f"{handler.endpoint}/_lfs/{asked['oid']}"
            entry["actions"] = {"upload": {"href": href}}
        objects.append(entry)
    handler.send({"transfer": "basic", "objects": objects})


@route("PUT", "/_lfs/(?P<oid>[0-9a-f]{64})")
def lfs_put(handler: Handler, oid: str) -> None:
    data = handler.body()
    time.sleep(handler.hub.slow_s)
    if hashlib.sha256(data).hexdigest() != oid:
        raise Refused(400, "sha256 mismatch")
    handler.hub.keep(oid, data)
    handler.send(b"", ETag=f'"{oid[:32]}"')


@route("GET", f"{API}/xet-(?P<right>read|write)-token/{REVISION}")
def xet_token(handler: Handler, kind: str, name: str, right: str, revision: str) -> None:
    handler.repo(kind, name)
    expires, url = int(time.time()) + 3600, f"local://{handler.hub.cas}"
    headers = {
        "X-Xet-Cas-Url": url,
        "X-Xet-Access-Token": "xet-of-the-tests",
        "X-Xet-Token-Expiration": str(expires),
    }
    handler.send({"accessToken": "xet-of-the-tests", "exp": expires, "casUrl": url}, **headers)


@route("POST", f"{API}/commit/{REVISION}")
def commit(handler: Handler, kind: str, name: str, revision: str) -> None:
    repo, ref = handler.repo(kind, name), unquote(revision)
    items = [json.loads(line) for line in handler.body().splitlines() if line.strip()]
    time.sleep(handler.hub.slow_s)
    with handler.hub.lock:
        parent = handler.commit(repo, ref)
        title, tree = "", dict(parent.tree)
        for item in items:
            value = item["value"]
            if item["key"] == "header":
                title = value["summary"]
                if value.get("parentCommit") not in (None, parent.sha):
                    raise Refused(412, "A commit has happened since. Please refresh and try again.")
            else:
                _apply(handler, tree, item["key"], value)
        sha = repo.commit(ref, tree, title)
    url = f"{handler.endpoint}/{kind}s/{name}/commit/{sha}"
    handler.send({"success": True, "commitOid": sha, "commitUrl": url, "pullRequestUrl": None})


def _apply(handler: Handler, tree: dict[str, Entry], key: str, value: dict[str, Any]) -> None:
    path = value["path"]
    if key == "file":
        data = base64.b64decode(value["content"])
        handler.hub.keep(git_blob(data), data)
        tree[path] = Entry(git_blob(data), len(data))
    elif key == "lfsFile":
        tree[path] = _large(handler, value["oid"], tree)
    elif key == "deletedFile":
        if path not in tree:
            raise Refused(400, f"cannot delete {path}: no such file")
        del tree[path]
    elif key == "deletedFolder":
        for file in [file for file in tree if file.startswith(path.rstrip("/") + "/")]:
            del tree[file]
    else:
        raise Refused(400, f"unknown operation {key}")


def _large(handler: Handler, oid: str, tree: dict[str, Entry]) -> Entry:
    hub = handler.hub
    for entry in tree.values():
        if entry.sha256 == oid:
            return entry
    known = None if hub.keeps(oid) else xet.file_hashes(hub.cas).get(oid)
    if known:
        size = xet.sizes(hub.cas)[known]
    elif hub.keeps(oid):
        size = (hub.blobs / oid).stat().st_size
    else:
        raise Refused(400, f"LFS pointer pointed to a file that does not exist: {oid}")
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {size}\n"
    return Entry(git_blob(pointer.encode()), size, oid, known)


@route("GET", rf"/(?:(?P<kind>dataset|space)s/)?{NAME}/(?:resolve|raw)/{REVISION}/(?P<path>.+)")
@route("GET", rf"/api/resolve-cache/(?P<kind>dataset|space)s/{NAME}/{REVISION}/(?P<path>.+)")
def resolve(handler: Handler, kind: str | None, name: str, revision: str, path: str) -> None:
    repo = handler.repo(kind, name)
    commit = handler.commit(repo, revision)
    entry = commit.tree.get(unquote(path))
    if entry is None:
        raise Refused(404, "Entry not found", "EntryNotFound", **{"X-Repo-Commit": commit.sha})
    headers = {"X-Repo-Commit": commit.sha, "ETag": f'"{entry.key}"', "Accept-Ranges": "bytes"}
    if entry.sha256:
        headers |= {"X-Linked-Size": str(entry.size), "X-Linked-ETag": f'"{entry.sha256}"'}
    if entry.xet:
        url = f"{handler.endpoint}/api/{kind}s/{name}/xet-read-token/{commit.sha}"
        headers |= {"X-Xet-Hash": entry.xet, "Link": f'<{url}>; rel="xet-auth"'}
    if handler.command == "HEAD":
        return handler.send(b"", **{**headers, "Content-Length": str(entry.size)})
    if not handler.hub.keeps(entry.key):
        assert entry.xet
        handler.hub.keep(entry.key, xet.whole(handler.hub.cas, entry.xet, entry.size))
    return _hand_out(handler, entry, headers)


def _hand_out(handler: Handler, entry: Entry, headers: dict[str, str]) -> None:
    match = re.match(r"bytes=(\d*)-(\d*)$", handler.headers.get("Range") or "")
    data = (handler.hub.blobs / entry.key).read_bytes()
    if not match or not data:
        return handler.send(data, **headers)
    first, last = (int(group) if group else None for group in match.groups())
    start = first if first is not None else max(0, entry.size - (last or 0))
    stop = entry.size if last is None or first is None else min(last + 1, entry.size)
    if start >= stop:
        raise Refused(416, "range not satisfiable", **{"Content-Range": f"bytes */{entry.size}"})
    headers["Content-Range"] = f"bytes {start}-{stop - 1}/{entry.size}"
    return handler.send(data[start:stop], 206, **headers)

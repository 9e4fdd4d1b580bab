"""The local hub's answers on accounts, repositories, revisions, tags and pull requests."""

import hashlib
from typing import Any
from urllib.parse import unquote

import yaml
from hub.stored import Entry, Repo, Talk, now
from hub.wire import API, REVISION, Handler, Refused, route


@route("GET", "/api/whoami-v2")
def whoami(handler: Handler) -> None:
    handler.must_be_known()
    hub = handler.hub
    handler.send(
        {
            "type": "user",
            "id": "1",
            "name": hub.user,
            "fullname": hub.user,
            "isPro": False,
            "orgs": [{"type": "org", "id": name, "name": name} for name in hub.organizations],
            "auth": {"type": "access_token", "accessToken": {"displayName": "t", "role": "write"}},
        }
    )


@route("POST", "/api/validate-yaml")
def validate_yaml(handler: Handler) -> None:
    """Judge a card, by far less than the Hub does: YAML, and a license that it knows."""
    asked = handler.json()
    front = asked["content"].split("---")[1] if asked["content"].startswith("---") else ""
    try:
        fields = yaml.safe_load(front) or {}
    except yaml.YAMLError as error:
        raise Refused(400, f"YAML: {error}".replace("\n", " ")) from error
    known = ("apache-2.0", "cc-by-4.0", "cc0-1.0", "mit", "other")
    if fields.get("license") not in known:
        raise Refused(400, f'"license" must be one of {known}')
    handler.send({"errors": [], "warnings": []})


@route("POST", "/api/repos/create")
def create(handler: Handler) -> None:
    asked, hub = handler.json(), handler.hub
    kind = asked.get("type") or "model"
    namespace = asked.get("organization") or hub.user
    if namespace not in (hub.user, *hub.organizations):
        raise Refused(403, f"You don't have the rights to create a {kind} under {namespace!r}")
    name = f"{namespace}/{asked['name']}"
    url = f"{handler.endpoint}/{kind}s/{name}"
    with hub.lock:
        if (kind, name) in hub.repos:
            return handler.send({"error": "You already created this repo", "url": url}, 409)
        private = asked.get("visibility") == "private" or bool(asked.get("private"))
        hub.make(kind, name, private)
    return handler.send({"url": url, "name": name, "id": name})


@route("GET", API)
@route("GET", f"{API}/revision/{REVISION}")
def info(handler: Handler, kind: str, name: str, revision: str = "main") -> None:
    repo = handler.repo(kind, name)
    commit = handler.commit(repo, revision)
    handler.send(
        {
            "_id": "1",
            "id": name,
            "author": name.partition("/")[0],
            "sha": commit.sha,
            "private": repo.private,
            "gated": False,
            "disabled": False,
            "downloads": 0,
            "likes": 0,
            "tags": [],
            "createdAt": now(),
            "lastModified": commit.date,
            "siblings": [{"rfilename": path} for path in sorted(commit.tree)],
        }
    )


@route("GET", f"{API}/refs")
def refs(handler: Handler, kind: str, name: str) -> None:
    repo = handler.repo(kind, name)

    def entries(found: dict[str, str], before: str) -> list[dict[str, str]]:
        return [
            {"name": ref, "ref": before + ref, "targetCommit": sha} for ref, sha in found.items()
        ]

    branches = {ref: sha for ref, sha in repo.refs.items() if not ref.startswith("refs/")}
    tags = entries(repo.tags, "refs/tags/")
    handler.send({"branches": entries(branches, "refs/heads/"), "converts": [], "tags": tags})


@route("POST", f"{API}/tag/{REVISION}")
def tag(handler: Handler, kind: str, name: str, revision: str) -> None:
    repo, asked = handler.repo(kind, name), handler.json()
    if asked["tag"] in repo.tags:
        raise Refused(409, f"Tag reference exists already: {asked['tag']}")
    repo.tags[asked["tag"]] = handler.commit(repo, revision).sha
    handler.send({})


@route("POST", f"{API}/branch/{REVISION}")
def branch(handler: Handler, kind: str, name: str, revision: str) -> None:
    repo, new = handler.repo(kind, name), unquote(revision)
    if new in repo.refs:
        raise Refused(409, f"Reference already exists: {new}")
    repo.refs[new] = handler.commit(repo, handler.json().get("startingPoint", "main")).sha
    handler.send({})


@route("GET", f"{API}/tree/{REVISION}(?:/(?P<path>.*))?")
def tree(handler: Handler, kind: str, name: str, revision: str, path: str | None = None) -> None:
    repo = handler.repo(kind, name)
    commit, base = handler.commit(repo, revision), unquote(path or "").strip("/")
    below = f"{base}/" if base else ""
    files = {file: entry for file, entry in commit.tree.items() if file.startswith(below)}
    if base and not files:
        raise Refused(404, f"{base} does not exist", "EntryNotFound")
    deep = handler.query.get("recursive", "").lower() in ("1", "true")
    found = _listed(files, below, deep)
    start = int(handler.query.get("cursor", "0"))
    limit = 1000
    more = {}
    if start + limit < len(found):
        url = f"{handler.endpoint}{handler.path.partition('?')[0]}"
        asked = f"recursive={deep}&cursor={start + limit}"
        more = {"Link": f'<{url}?{asked}>; rel="next"'}
    handler.send(found[start : start + limit], **more)


def _listed(files: dict[str, Entry], below: str, deep: bool) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for file, entry in sorted(files.items()):
        parts = file.removeprefix(below).split("/")
        for depth in range(1, len(parts) if deep else min(len(parts), 2)):
            folder = below + "/".join(parts[:depth])
            oid = hashlib.sha1(folder.encode(), usedforsecurity=False).hexdigest()
            found[folder] = {"type": "directory", "path": folder, "size": 0, "oid": oid}
        if deep or len(parts) == 1:
            found[file] = described(file, entry)
    return list(found.values())


def described(path: str, entry: Entry) -> dict[str, Any]:
    fields: dict[str, Any] = {"type": "file", "path": path, "size": entry.size, "oid": entry.oid}
    if entry.sha256:
        fields["lfs"] = {"oid": entry.sha256, "size": entry.size, "pointerSize": 134}
    if entry.xet:
        fields["xetHash"] = entry.xet
    return fields


@route("POST", f"{API}/paths-info/{REVISION}")
def paths_info(handler: Handler, kind: str, name: str, revision: str) -> None:
    from urllib.parse import parse_qs

    repo = handler.repo(kind, name)
    files = handler.commit(repo, revision).tree
    is_json = "json" in (handler.headers.get("Content-Type") or "")
    asked = handler.json() if is_json else parse_qs(handler.body().decode())
    paths = asked.get("paths", [])
    paths = [paths] if isinstance(paths, str) else paths
    handler.send([described(path, files[path]) for path in paths if path in files])


@route("POST", f"{API}/discussions")
def open_talk(handler: Handler, kind: str, name: str) -> None:
    repo, asked = handler.repo(kind, name), handler.json()
    handler.send({"num": repo.open_talk(asked["title"], handler.hub.user)})


@route("GET", f"{API}/discussions")
def talks(handler: Handler, kind: str, name: str) -> None:
    repo = handler.repo(kind, name)
    found = [_talk(repo, talk) for talk in reversed(repo.talks)]
    handler.send({"discussions": found, "count": len(found), "start": 0})


@route("GET", rf"{API}/discussions/(?P<number>\d+)")
def one_talk(handler: Handler, kind: str, name: str, number: str) -> None:
    repo = handler.repo(kind, name)
    talk = repo.talks[int(number) - 1]
    more = {"events": [], "filesWithConflicts": [], "diff": ""}
    handler.send({**_talk(repo, talk), "changes": {"base": "refs/heads/main"}, **more})


@route("POST", rf"{API}/discussions/(?P<number>\d+)/(?P<what>comment|status|merge)")
def change_talk(handler: Handler, kind: str, name: str, number: str, what: str) -> None:
    repo, asked = handler.repo(kind, name), handler.json()
    talk = repo.talks[int(number) - 1]
    by = {"id": f"{number}-{what}", "createdAt": now(), "author": {"name": handler.hub.user}}
    if what == "merge":
        repo.merge(talk.number)
        return handler.send({})
    if what == "comment":
        repo.change_talk(talk.number, comments=(*talk.comments, asked["comment"]))
        latest = {"raw": asked["comment"], "html": "", "updatedAt": now(), "author": by["author"]}
        text = {"edited": False, "hidden": False, "latest": latest, "numEdits": 0, "history": []}
        return handler.send({"newMessage": {**by, "type": "comment", "data": text}})
    repo.change_talk(talk.number, status=asked["status"])
    status = {"status": asked["status"]}
    return handler.send({"newStatus": {**by, "type": "status-change", "data": status}})


def _talk(repo: Repo, talk: Talk) -> dict[str, Any]:
    return {
        "num": talk.number,
        "title": talk.title,
        "status": talk.status,
        "isPullRequest": True,
        "author": {"name": talk.author},
        "createdAt": now(),
        "repo": {"name": repo.name, "type": repo.kind},
        "repoOwner": {"name": repo.name.partition("/")[0]},
        "numComments": 1 + len(talk.comments),
    }

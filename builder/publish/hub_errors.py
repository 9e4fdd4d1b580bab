"""What the Hub's refusals mean, in one line each, with the way out and without the token."""

from typing import Any

from builder.core.errors import HubError
from builder.network import first_line

_PASSING = (408, 429, 500, 502, 503, 504)
_NETWORK = ("httpx", "httpx2", "httpcore", "requests", "urllib3")  # of huggingface_hub's versions
_MOST_S = 60.0
_FULL = (402, 413, 507)
_CHANGED = "the repository was changed meanwhile; run the same command again, it plans anew"


def status_of(error: BaseException) -> int | None:
    """Return the HTTP status that an error stands for, if it does."""
    return getattr(_response(error), "status_code", None)


def is_passing(error: BaseException) -> bool:
    """Whether the same call may succeed a little later."""
    status = status_of(error)
    if status is not None:
        return status in _PASSING
    if isinstance(error, ConnectionError | TimeoutError):
        return True
    return type(error).__module__.partition(".")[0] in _NETWORK or (
        type(error) is RuntimeError  # of hf_xet, after it tried a while itself
    )


def wait_s(error: BaseException, number: int) -> float:
    """Return how long to wait after try `number`, seconds: as the Hub asks, or ever longer."""
    response = _response(error)
    asked = response.headers.get("Retry-After", "") if response is not None else ""
    return min(_MOST_S, float(asked) if asked.isdigit() else 2.0 ** (number - 1))


def refusal(
    error: BaseException, doing: str, who: tuple[str, str, tuple[str, ...]], token: str
) -> HubError:
    """Return the error to raise.

    Args:
        error: As it came.
        doing: What was asked.
        who: (repository, user, namespaces that the user belongs to).
        token: Taken out of every text.
    """
    status = status_of(error)
    first = first_line(_met(error)).replace(token, "(token)")[:300]
    text = f"the Hub refused to {doing}: {_why(status, first.lower(), who)} (it said: {first})"
    return HubError(text.replace(token, "(token)"))


def _met(error: BaseException) -> BaseException:
    """Return what an upload met: `huggingface_hub` wraps the Hub's answer as a RuntimeError."""
    inner = error.__cause__
    answered = getattr(inner, "response", None) is not None
    return inner if inner is not None and type(error) is RuntimeError and answered else error


def _response(error: BaseException) -> Any:  # noqa: ANN401 - of httpx or of requests
    return getattr(_met(error), "response", None)


def _why(status: int | None, said: str, who: tuple[str, str, tuple[str, ...]]) -> str:
    repo, user, namespaces = who
    namespace = repo.partition("/")[0]
    again = "the same command goes on from here"
    if status is None or status in _PASSING:
        return f"it is busy or cannot be reached; wait, then {again}"
    if status in _FULL or "quota" in said or "storage" in said:
        return f"no room is left for {namespace}; free some, or ask the Hub for more, then {again}"
    if status in (403, 404) and namespaces and namespace not in namespaces:
        return (
            f"{user} may not write to {namespace!r}, or there is no such namespace; this token's"
            f" are {', '.join(namespaces)}; offer a change to others with --create-pr"
        )
    by_status = {
        401: "it does not take this token; make one with the right to write and give it by"
        " HF_TOKEN or `hf auth login`",
        403: f"this token has no right to write to {repo}; make one that has",
        409: _CHANGED,
        412: _CHANGED,
    }
    return by_status.get(status, f"status {status}")

"""What a call over the network may raise that is no fault of ours, and what it says in one line."""


def failures() -> tuple[type[BaseException], ...]:
    """Return what a call to the Hub may raise that is not a fault of ours.

    `huggingface_hub` 1 and later stand on httpx, whose errors are no `OSError`; those before on
    requests, whose errors are. hf_xet raises RuntimeError.
    """
    from huggingface_hub.utils import HfHubHTTPError

    return (OSError, RuntimeError, HfHubHTTPError.__mro__[1])


def first_line(error: BaseException) -> str:
    """Return what an error says: the server's own words where there are some."""
    said = getattr(error, "server_message", None) or str(error)
    return next((line.strip() for line in said.splitlines() if line.strip()), "no reason given")

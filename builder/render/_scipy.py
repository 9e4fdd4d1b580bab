"""The one door to scipy: its image filters, or a clear message."""

from builder.core.errors import MissingExtra

try:
    from scipy import ndimage
except ImportError as error:  # pragma: no cover - tested in a process without scipy
    raise MissingExtra("scipy", "build") from error

__all__ = ["ndimage"]

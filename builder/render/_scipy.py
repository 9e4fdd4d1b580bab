"""The one door to scipy: its image filters and sparse graphs, or a clear message."""

from builder.core.errors import MissingExtra

try:
    from scipy import ndimage, sparse
    from scipy.sparse import csgraph
except ImportError as error:  # pragma: no cover - tested in a process without scipy
    raise MissingExtra("scipy", "build") from error

__all__ = ["csgraph", "ndimage", "sparse"]

"""One seed in, as many independent random streams out as there are names."""

import hashlib

import numpy as np


def rng_for(seed: int, *key: str | int) -> np.random.Generator:
    """Return the random stream that belongs to `key` under `seed`.

    Streams are told apart by name, never by adding to the seed: `seed + index` makes seed 42,
    index 1 and seed 43, index 0 the same stream. Order of calls does not matter, so a resumed or
    parallel build draws what a serial one draws.

    Example:
        >>> int(rng_for(42, "scene-7", "A1").integers(1000))
        187
    """
    return np.random.default_rng(int.from_bytes(_digest(seed, *key), "big"))


def rank_of(seed: int, *key: str | int) -> int:
    """Return the place of `key` in hash order: a 64-bit number to sort a surplus by."""
    return int.from_bytes(_digest(seed, *key)[:8], "big")


def drawn(count: int, seed: int, *key: str | int) -> int:
    """Return a number in 0..count - 1 that belongs to `key` under `seed`: one cheap even draw."""
    return rank_of(seed, *key) % count


def _digest(seed: int, *key: str | int) -> bytes:
    return hashlib.blake2b(repr((seed, *key)).encode(), digest_size=16).digest()

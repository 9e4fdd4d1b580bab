"""Settings: frozen dataclasses with every default in one place, read from TOML."""

from builder.config.build import (
    BuildConfig,
    canonical_json,
    differences,
    fingerprint,
    settings_of,
)
from builder.config.gates import Gates
from builder.config.parts import Images, Sampling
from builder.config.read import read_config

__all__ = [
    "BuildConfig",
    "Gates",
    "Images",
    "Sampling",
    "canonical_json",
    "differences",
    "fingerprint",
    "read_config",
    "settings_of",
]

"""Settings: frozen dataclasses with every default in one place, read from TOML."""

from builder.config.build import (
    BuildConfig,
    canonical_json,
    differences,
    fingerprint,
    settings_of,
)
from builder.config.bundles import Bundles
from builder.config.gates import Gates
from builder.config.parts import Images, Release, Sampling
from builder.config.read import read_config
from builder.config.teachers import HySettings, Machine, SvcSettings

__all__ = [
    "BuildConfig",
    "Bundles",
    "Gates",
    "HySettings",
    "Images",
    "Machine",
    "Release",
    "Sampling",
    "SvcSettings",
    "canonical_json",
    "differences",
    "fingerprint",
    "read_config",
    "settings_of",
]

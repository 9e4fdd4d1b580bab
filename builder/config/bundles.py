"""The settings of a dataset that is made from bundles somebody already has."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Bundles:
    """Which bundles are read, and how far they are believed.

    Attributes:
        folder: Where they lie; None: a build makes its own.
        rules: "default": our questions and gates. "paper": the pairing and labels of the paper's
            released scripts, for comparison; such records are written apart and never packed.
        turns: Of the HY layout, whose generator turned the other way than it wrote: "verified":
            only turns that the pictures confirm; "poses": those that the poses state.
        license: SPDX expression of the scenes' own pictures, where the bundles do not say it.
    """

    folder: str | None = None
    rules: Literal["default", "paper"] = "default"
    turns: Literal["verified", "poses"] = "verified"
    license: str = "LicenseRef-Unstated"

"""What the licenses of the two world models say about the frames they paint."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from builder.core.errors import ConfigError, nearest


@dataclass(frozen=True, slots=True)
class OutputLicense:
    """The license that comes with a model's output; read it, this is a summary and no advice.

    Attributes:
        spdx: How a record's `license` names it.
        title: Its full name.
        sentences: The two that matter most for a dataset.
    """

    spdx: str
    title: str
    sentences: tuple[str, str]

    @property
    def name(self) -> str:
        """What `--accept-license` takes: `spdx` without its prefix."""
        return self.spdx.removeprefix("LicenseRef-")


SVC_LICENSE = OutputLicense(
    "LicenseRef-Stability-AI-NonCommercial",
    "Stability AI Non-Commercial License Agreement (Stable Virtual Camera)",
    (
        "Research and other non-commercial use only, and that holds for the frames too.",
        "Neither the model nor what it paints may be used to create or improve a foundational"
        " generative AI model (section III.b).",
    ),
)
HY_LICENSE = OutputLicense(
    "LicenseRef-Tencent-HY-WorldPlay",
    "Tencent HY-WorldPlay Community License Agreement",
    (
        "What it paints must not be used to improve any other AI model (section 5.b): training a"
        " vision-language model on it is such a use.",
        "It gives no right at all in the European Union, the United Kingdom and South Korea, and"
        " what is published must be marked as made by a machine.",
    ),
)
OUTPUT_LICENSES: Mapping[str, OutputLicense] = MappingProxyType(
    {one.spdx: one for one in (SVC_LICENSE, HY_LICENSE)}
)


def joined(scene: str, output: str | None) -> str:
    """Return the SPDX expression of a frame: the scene's license, and the output's if it has one.

    Example:
        >>> joined("CC0-1.0 OR MIT", "LicenseRef-X")
        '(CC0-1.0 OR MIT) AND LicenseRef-X'
    """
    if output is None:
        return scene
    return f"{f'({scene})' if ' OR ' in scene else scene} AND {output}"


def refuse_unaccepted(spdx: str | None, accepted: str | None, backend: str) -> None:
    """Do nothing if the output license `spdx` was accepted by name, or is none.

    Raises:
        ConfigError: With the two sentences that matter and the option that accepts them.
    """
    if spdx is None:
        return
    known = OUTPUT_LICENSES[spdx]
    if accepted is not None and accepted.removeprefix("LicenseRef-") == known.name:
        return
    names = [each.name for each in OUTPUT_LICENSES.values()]
    wrong = "" if accepted is None else f" ({accepted!r}: {nearest(accepted, names)})"
    raise ConfigError(
        f"the backend {backend!r} is under the {known.title}:\n"
        f"  - {known.sentences[0]}\n  - {known.sentences[1]}\n"
        f"read it; if you may and will keep it, add --accept-license {known.name}{wrong}"
    )

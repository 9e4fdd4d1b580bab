"""What a build consists of: its work, one job a place, and where their files lie."""

from dataclasses import dataclass
from pathlib import Path

from builder.config import BuildConfig
from builder.core.protocol import Subset, subset_named
from builder.core.scene import SceneRef
from builder.pipeline.tools import ToolMaker


def bundles_of(out: Path, subset: Subset) -> Path:
    """Return the folder of a subset's bundles; image paths are relative to it."""
    return out / "bundles" / subset.folder


@dataclass(frozen=True)
class Work:
    """What a worker needs to know; small enough to be sent to it.

    Attributes:
        config: The settings.
        out: The build's folder.
        tools: Makes the plug-ins; a function of a module, so that a worker can find it.
    """

    config: BuildConfig
    out: Path
    tools: ToolMaker

    def bundles(self, subset: Subset) -> Path:
        """Return the folder of a subset's bundles; image paths are relative to it."""
        return bundles_of(self.out, subset)

    @property
    def progress(self) -> Path:
        """Return the file that grows by one byte a rollout."""
        return self.out / ".build" / "progress"

    def candidates(self, subset: Subset, scene_id: str) -> Path:
        """Return the file of a place's candidate records in one subset."""
        return self.out / ".build" / "candidates" / subset.name / f"{scene_id}.jsonl"

    def failures(self, subset: Subset, scene_id: str) -> Path:
        """Return the file that keeps why trajectories of a place were not made."""
        return self.out / ".build" / "failures" / subset.name / f"{scene_id}.jsonl"


@dataclass(frozen=True)
class Job:
    """One place, all subsets of its type.

    Attributes:
        work: What all jobs share.
        reference: The place.
        subset_names: Which subsets it serves.
        trajectories: How many a anchor, in each subset.
        keep: Most candidates of one task and class that a subset keeps of this place.
        scene_id: Another name for the place ("demo_scene"); None: its own.
        anchors: Most anchors in each subset; None: as the settings say.
    """

    work: Work
    reference: SceneRef
    subset_names: tuple[str, ...]
    trajectories: int
    keep: int
    scene_id: str | None = None
    anchors: int | None = None

    @property
    def most_anchors(self) -> int:
        """Return how many anchors it has at most, in each subset."""
        return self.anchors or self.work.config.sampling.anchors_per_scene

    @property
    def subsets(self) -> tuple[Subset, ...]:
        """Return the subsets it serves."""
        return tuple(subset_named(name) for name in self.subset_names)

    @property
    def name(self) -> str:
        """What the place is called in the output."""
        return self.scene_id or self.reference.scene_id

    @property
    def key(self) -> str:
        """The source and the place: unique in a build."""
        return f"{self.reference.source}/{self.name}"

    def is_finished(self) -> bool:
        """Return whether nothing of this place is missing."""
        return all(self.tally_file(subset).is_file() for subset in self.subsets)

    def rollouts(self, subsets: int | None = None) -> int:
        """Return how many rollouts are planned at most, in all or in some subsets."""
        count = len(self.subsets) if subsets is None else subsets
        return count * self.most_anchors * self.trajectories

    def tally_file(self, subset: Subset) -> Path:
        """Return the file that says this place is finished in one subset."""
        return self.work.candidates(subset, self.name).with_suffix(".tally.json")

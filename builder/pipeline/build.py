"""A whole build: size it up, make every place, choose, check, write down, pack."""

import json
from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from builder.config import BuildConfig
from builder.core.errors import ConfigError, RecordInvalid, nearest
from builder.core.protocol import subset_named
from builder.pipeline.cores import cores
from builder.pipeline.estimate import estimate
from builder.pipeline.jobs import Job, Work, bundles_of
from builder.pipeline.output import claimed
from builder.pipeline.progress import Progress
from builder.pipeline.select import choose, index, lines_of, surplus
from builder.pipeline.sizing import Batch, size_up
from builder.pipeline.tally import Tally
from builder.pipeline.tools import ToolMaker, Tools
from builder.pipeline.unit import make_unit
from builder.store.files import whole_file, write_whole
from builder.teachers import Backend

Engine = Callable[
    [Callable[[Job], Tally], Sequence[Job], int], Generator[tuple[Job, Tally], None, None]
]
_SHOWN_FAULTS = 5


@dataclass(frozen=True)
class Ends:
    """What a build is handed: where it runs and what stands around it.

    Attributes:
        engine: Runs the units of work, as `builder.engines.local.run` does.
        check: Returns what is wrong with one record, nothing if all is well.
        pack: Makes the published form from the build's folder.
        warm_up: Compiles what the workers need, once.
        say: Tells the user one line or table.
    """

    engine: Engine
    check: Callable[[Mapping[str, Any]], Sequence[str]]
    pack: Callable[[Path], object]
    warm_up: Callable[[], object]
    say: Callable[[str], object]


def build(config: BuildConfig, out: Path, maker: ToolMaker, ends: Ends) -> Tally:
    """Build a dataset in `out`, or go on with a build that was begun there.

    The result depends on the settings and versions alone: not on the workers, the engine, or how
    often the build was stopped.

    Args:
        config: The settings.
        out: The folder; what is published comes to lie in `out/World2VLM`.
        maker: Makes the plug-ins, in this process and in each worker.
        ends: What the build is handed.

    Returns:
        The counts of records, bundles and drops.

    Raises:
        ConfigError: If a setting names a task that is not there.
        StoreError: If the folder cannot be used; see `claimed`.
        RecordInvalid: If a record is wrong; then nothing is published.
        World2VLMError: Whatever makes the work impossible.
    """
    tools = maker()
    weights = weights_of(config, tools)
    subsets = tuple(subset_named(name) for name in config.subsets)
    backend = tools.backend(config.backend, subsets).configured(config)
    config = _for_backend(config, backend, ends)
    tools.tracker(config.tracker)
    if config.photos is not None:
        config = replace(config, photos=str(Path(config.photos).expanduser().resolve()))
    batches = size_up(config, tools)  # photographs that cannot be used claim no folder
    with claimed(out, config), backend:  # a world model stays loaded from place to place
        workers = config.workers or (1 if backend.needs_gpu else cores())
        ends.say(_planned(config, batches, workers, backend))
        if left_out := sum(batch.left_out for batch in batches):
            ends.say(
                f"{left_out} more photographs are there than so few records need; see --scenes"
            )
        jobs = _jobs(Work(config, out, maker), batches)
        tally = _make_all(jobs, workers, ends)
        files = [job.work.candidates(subset, job.name) for job in jobs for subset in job.subsets]
        publish(config, files, tools, weights, (out, ends, tally))
    return tally


def _planned(config: BuildConfig, batches: Sequence[Batch], workers: int, backend: Backend) -> str:
    if not backend.needs_gpu:
        return estimate(config, batches, workers)
    rollouts = sum(batch.rollouts for batch in batches)
    return (
        f"planned: {config.records} records from up to {rollouts} trajectories; "
        f"`world2vlm plan` with the same options says what that takes of GPUs"
    )


def _for_backend(config: BuildConfig, backend: Backend, ends: Ends) -> BuildConfig:
    """Return the settings as a world model needs them: its frames come without any truth."""
    if not backend.needs_gpu:
        return config
    if config.engine == "local" and config.workers not in (None, 1):
        raise ConfigError(
            f"--workers {config.workers}: the backend {backend.name!r} has one worker a GPU "
            f"already (see --gpus); leave it out"
        )
    if config.tracker == "truth":
        ends.say(f"frames of {backend.name!r} come without truth: objects are found by 'detect'")
        config = replace(config, tracker="detect")
    return config


def weights_of(config: BuildConfig, tools: Tools) -> dict[str, float]:
    """Return the share of each task, those that the settings do not name with their own.

    Raises:
        ConfigError: If they name a task that is not there.
    """
    for name in config.weights:
        if name not in tools.tasks:
            raise ConfigError(f"weights: no task {name!r}: {nearest(name, tools.tasks)}")
    return {name: config.weights.get(name, task.weight) for name, task in tools.tasks.items()}


def _jobs(work: Work, batches: Sequence[Batch]) -> list[Job]:
    return [
        Job(work, reference, names, batch.trajectories, batch.keep, anchors=batch.anchors)
        for batch in batches
        for names in [tuple(subset.name for subset in batch.subsets)]
        for reference in batch.references
    ]


def _make_all(jobs: Sequence[Job], workers: int, ends: Ends) -> Tally:
    """Make every place that is not finished; the counts are added up in the order of the jobs."""
    if any(not job.is_finished() for job in jobs):
        ends.warm_up()
    planned = sum(job.rollouts() for job in jobs)
    found: dict[str, Tally] = {}
    with (
        Progress(jobs[0].work.progress, planned, "trajectories"),
        closing(ends.engine(make_unit, jobs, workers)) as results,
    ):
        for job, made in results:
            found[job.key] = made
    tally = Tally()
    for job in jobs:
        tally.add(found[job.key])
    return tally


def publish(
    config: BuildConfig,
    files: Sequence[Path],
    tools: Tools,
    weights: Mapping[str, float],
    rest: tuple[Path, Ends, Tally],
) -> None:
    """Choose among the candidates, check each that is chosen, write them down and pack them.

    Args:
        config: The settings.
        files: Of candidates.
        tools: The plug-ins.
        weights: Of each task.
        rest: The build's folder, what it is handed, and the counts so far.

    Raises:
        RecordInvalid: If a record is wrong; then nothing is published.
    """
    out, ends, tally = rest
    entries = list(index(files, tools.tasks, config.seed))
    chosen = choose(entries, config.records, config.subsets, weights)
    tally.records.update((entry.subset, entry.task) for entry in chosen)
    tally.drops.update(surplus(entries, chosen))
    if len(chosen) < config.records:
        ends.say(_too_few(config, len(chosen)))
    licenses: Counter[str] = Counter()
    with ExitStack() as stack:
        streams = {}
        for name in config.subsets:
            root = bundles_of(out, subset_named(name))
            draft = stack.enter_context(whole_file(root / "tasks.jsonl"))
            streams[name] = stack.enter_context(draft.open("wb"))
        for name, line in lines_of(chosen, files):
            licenses[json.loads(line)["license"]] += 1
            _check(line, ends)
            streams[name].write(line)
    write_whole(out / ".build" / "tally.json", json.dumps(tally.to_json()) + "\n")
    if len(licenses) > 1:
        counts = ", ".join(f"{count} under {name}" for name, count in sorted(licenses.items()))
        ends.say(f"this dataset mixes licenses, the column `license` tells which: {counts}")
    ends.pack(out)
    ends.say(tally.table())


def _too_few(config: BuildConfig, chosen: int) -> str:
    source, way_out = "scenes", "; give more photographs, or a larger --scenes"
    if config.bundles.folder:
        source, way_out = "bundles", ""
    return (
        f"{chosen} of {config.records} records: the {source} offer no more that are answerable "
        f"and balanced{way_out}"
    )


def _check(line: bytes, ends: Ends) -> None:
    plain = json.loads(line)
    if faults := ends.check(plain):
        shown = "\n".join(faults[:_SHOWN_FAULTS])
        raise RecordInvalid(
            f"a record of this build is wrong, so nothing is published; this is a fault of the "
            f"builder, please report it:\n{plain.get('record_id')}: {shown}"
        )

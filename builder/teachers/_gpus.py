"""Which GPUs there are, and how they are shared out among workers."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from builder.core.errors import ConfigError

_QUERY = ("--query-gpu=index,uuid,memory.total", "--format=csv,noheader,nounits")


@dataclass(frozen=True, slots=True)
class Gpu:
    """One GPU: its name as CUDA_VISIBLE_DEVICES takes it, and its memory if that is known."""

    name: str
    memory_gib: float | None


def visible(wanted: str | None, environment: Mapping[str, str] | None = None) -> tuple[Gpu, ...]:
    """Return the GPUs to use: those wanted, else CUDA_VISIBLE_DEVICES, else all.

    Raises:
        ConfigError: If there is none.
    """
    environment = os.environ if environment is None else environment
    known = _installed()
    chosen = wanted if wanted is not None else environment.get("CUDA_VISIBLE_DEVICES")
    if chosen is None:
        names = list(dict.fromkeys(gpu.name for gpu in known.values()))
    else:
        names = [name.strip() for name in chosen.split(",") if name.strip()]
    if not names:
        where = "--gpus" if wanted is not None else "CUDA_VISIBLE_DEVICES"
        why = "nvidia-smi lists none" if chosen is None else f"{where} is {chosen!r}"
        raise ConfigError(
            f"no GPU: {why}; a world model needs one, the backend 'embedded' needs none"
        )
    return tuple(Gpu(name, known[name].memory_gib if name in known else None) for name in names)


def seats(gpus: Sequence[Gpu], ranks: int | None, least_gib: Mapping[int, float]) -> list[str]:
    """Return what each worker sees: one GPU each, or as many as one video needs.

    Args:
        gpus: Those that can be used.
        ranks: GPUs a worker; None: as few as have the memory.
        least_gib: Memory that each GPU needs, by the number of GPUs that share one video.

    Raises:
        ConfigError: If they do not suffice.
    """
    each = ranks or _fewest(gpus, least_gib)
    if len(gpus) < each:
        raise ConfigError(f"{each} GPUs are needed for one video, and there are {len(gpus)}")
    names = [gpu.name for gpu in gpus]
    return [",".join(names[at : at + each]) for at in range(0, len(names) - each + 1, each)]


def _fewest(gpus: Sequence[Gpu], least_gib: Mapping[int, float]) -> int:
    known = [gpu.memory_gib for gpu in gpus if gpu.memory_gib is not None]
    if not known:
        return min(least_gib)  # the worker itself looks before it loads
    for count, gib in sorted(least_gib.items()):
        if len(gpus) >= count and min(known) >= gib:
            return count
    table = ", ".join(f"{count} with {gib:.0f} GiB" for count, gib in sorted(least_gib.items()))
    raise ConfigError(
        f"the GPUs are too small: {len(gpus)} with {min(known):.0f} GiB; one video needs {table}"
    )


def _installed() -> dict[str, Gpu]:
    """Return the GPUs of nvidia-smi, by index and by UUID; none if it cannot be run."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return {}
    try:
        text = subprocess.run(
            [program, *_QUERY], capture_output=True, text=True, timeout=30, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return {}
    found = {}
    for line in text.splitlines():
        index, uuid, mib = (part.strip() for part in line.split(","))
        gpu = Gpu(index, float(mib) / 1024 if mib.isdecimal() else None)
        found[index] = found[uuid] = gpu
    return found

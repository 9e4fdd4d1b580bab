"""Whether this machine can run a model, said before gigabytes are loaded."""

import importlib.util
import random
import sys
from pathlib import Path
from typing import Any

from .serve import Unfit


def add_root(root: str, package: str, upstream: str) -> None:
    """Put a checkout first on the path.

    Raises:
        Unfit: If `package` is not in it.
    """
    if not (Path(root) / package / "__init__.py").is_file():
        raise Unfit(f"{root}: holds no package {package!r}; it must be a checkout of {upstream}")
    sys.path.insert(0, root)


def need(modules: "list[str]", hint: str) -> None:
    """Refuse an interpreter that lacks a module.

    Raises:
        Unfit: With all that are missing.
    """
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if missing:
        raise Unfit(f"{sys.executable}: lacks {', '.join(missing)}; {hint}")


def need_gpu(least_gib: float, least_capability: "tuple[int, int]", model: str) -> str:
    """Return the GPU's name if it is large and new enough.

    Raises:
        Unfit: With what it has and what is needed.
    """
    import torch

    if not torch.cuda.is_available():
        raise Unfit(
            f"{model} needs a CUDA GPU, and torch {torch.__version__} of {sys.executable} sees none"
        )
    facts = torch.cuda.get_device_properties(torch.cuda.current_device())
    capability = (facts.major, facts.minor)
    if capability < least_capability:
        raise Unfit(
            f"{model} needs compute capability {least_capability[0]}.{least_capability[1]} (its "
            f"attention is a flash kernel); {facts.name} has {facts.major}.{facts.minor}"
        )
    free_gib = torch.cuda.mem_get_info()[0] / 2**30
    if free_gib < least_gib:
        raise Unfit(
            f"{model} needs about {least_gib:.0f} GiB of GPU memory; {facts.name} has "
            f"{free_gib:.1f} GiB free of {facts.total_memory / 2**30:.1f}"
        )
    return str(facts.name)


def seed_all(seed: int) -> None:
    """Seed every source of randomness of this process."""
    import numpy as np
    import torch

    random.seed(seed)
    np.random.seed(seed % 2**32)  # upstream draws from the global generator
    torch.manual_seed(seed)


def use_local(module: Any, name: str, folder: "Path | None", subfolder: str) -> None:  # noqa: ANN401
    """Let `module.name.from_pretrained` read a local folder, whatever it is asked for."""
    if folder is None:
        return
    local, real = folder, getattr(module, name)

    class Local:
        @staticmethod
        def from_pretrained(*_: Any, **options: Any) -> Any:  # noqa: ANN401
            options.pop("subfolder", None)
            options.pop("force_download", None)
            inner = local / subfolder
            return real.from_pretrained(str(inner if inner.is_dir() else local), **options)

    setattr(module, name, Local)

"""Lets unmodified upstream code, which says "cuda" everywhere, run on a CPU. Test-only.

Imported in a backend's interpreter, before any upstream module.
"""

import contextlib

import torch
from torch.overrides import TorchFunctionMode

_KEPT = []


def install():
    """Declare what a torchvision built for CUDA asks for, and turn "cuda" into "cpu"."""
    for name in ("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
                 "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"):  # fmt: skip
        with contextlib.suppress(RuntimeError):
            library = torch.library.Library("torchvision", "FRAGMENT")
            library.define(name)
            _KEPT.append(library)
    mode = _OnCpu()
    mode.__enter__()
    _KEPT.append(mode)
    torch.cuda.set_device = lambda device: None


def _cpu(value):
    if isinstance(value, str) and value.startswith("cuda"):
        return "cpu"
    if isinstance(value, torch.device) and value.type == "cuda":
        return torch.device("cpu")
    return value


class _OnCpu(TorchFunctionMode):
    def __torch_function__(self, function, kinds, args=(), kwargs=None):
        kwargs = {key: _cpu(value) for key, value in (kwargs or {}).items()}
        return function(*map(_cpu, args), **kwargs)

"""Depth for photographs that have none, by a metric depth model of the user's own choice."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from builder.core.errors import ConfigError, MissingExtra, SceneError
from builder.scenes.photos._listing import Entry
from builder.scenes.photos._read import read_rgb

MAX_DEPTH_M = 65.535  # what 16 bits of millimetres hold; farther is stored as unknown
ENDING = ".depth.png"
_METRIC = ("depth_pro", "zoedepth")  # architectures whose output is always in metres


class MetricDepth:
    """A depth model of `transformers`, opened once.

    Args:
        model: Its id or a folder; what only a repository's own code can load is refused.
        device: Where it runs, as torch names it.

    Raises:
        MissingExtra: If torch or transformers is not installed.
        ConfigError: If there is no such model, or its depth is relative, not metric.
    """

    def __init__(self, model: str, device: str = "cpu") -> None:
        try:
            import torch
            from transformers import (
                AutoConfig,
                AutoImageProcessor,
                AutoModelForDepthEstimation,
            )
        except ModuleNotFoundError as error:
            raise MissingExtra(str(error.name), "depth") from error
        self._torch = torch
        try:
            config = AutoConfig.from_pretrained(model, trust_remote_code=False)
            _check_metric(model, config)
            self._processor = AutoImageProcessor.from_pretrained(model)
            self._model = AutoModelForDepthEstimation.from_pretrained(model).to(device).eval()
        except (OSError, ValueError) as error:
            raise ConfigError(f"--model {model}: cannot be opened as a depth model: {error}") from (
                error
            )

    def __call__(self, rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return (H, W) depth along the optical axis, metres, of a photograph (H, W, 3)."""
        inputs = self._processor(images=Image.fromarray(rgb), return_tensors="pt")
        with self._torch.inference_mode():
            outputs = self._model(**inputs.to(self._model.device))
        (found,) = self._processor.post_process_depth_estimation(
            outputs, target_sizes=[rgb.shape[:2]]
        )
        return np.asarray(found["predicted_depth"].float().cpu().numpy(), np.float32)


def write_depth(entry: Entry, model: MetricDepth) -> tuple[Path, float]:
    """Estimate the depth of a photograph and write it beside, as 16-bit PNG in millimetres.

    Returns:
        (the file, the median depth in metres)

    Raises:
        SceneError: If the photograph cannot be read, or the model finds nothing in 0..65 m.
    """
    from builder.store import whole_file

    depth_m = model(read_rgb(entry.image))
    usable = np.isfinite(depth_m) & (depth_m > 0) & (depth_m <= MAX_DEPTH_M)
    if not usable.any():
        raise SceneError(f"{entry.image}: the model finds no depth in 0..{MAX_DEPTH_M} m")
    depth_mm = np.where(usable, np.rint(depth_m * 1000), 0).astype(np.uint16)
    file = entry.image.with_name(entry.image.stem + ENDING)
    with whole_file(file) as draft:
        Image.fromarray(depth_mm).save(draft, "PNG")
    return file, float(np.median(depth_m[usable]))


def _check_metric(model: str, config: Any) -> None:  # noqa: ANN401 - any model's configuration
    kind = getattr(config, "depth_estimation_type", None)
    if kind != "metric" and config.model_type not in _METRIC:
        raise ConfigError(
            f"--model {model}: not a metric depth model ({config.model_type}); motion in metres "
            f"needs one, such as a 'Metric' variant of Depth Anything V2, ZoeDepth or DepthPro"
        )

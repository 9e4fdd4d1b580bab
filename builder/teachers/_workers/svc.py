"""Stable Virtual Camera in its own interpreter, through its unmodified checkout."""

import copy
import importlib.util
import shutil
import sys
import tempfile
import types
from pathlib import Path
from typing import Any

import numpy as np

from . import machine
from .serve import Unfit, serve

LEAST_GIB = 22.0  # a maintainer: 18 to 22 GB (issue 14 upstream)
HUB = "stabilityai/stable-virtual-camera"
_NEEDS = ["torch", "torchvision", "einops", "kornia", "open_clip", "diffusers", "roma", "imageio",
          "colorama", "safetensors", "scipy", "tqdm"]  # fmt: skip


class Svc:
    """`seva`, loaded once."""

    def load(self, settings: "dict[str, Any]") -> "dict[str, Any]":
        """Load the weights, the VAE and the image encoder.

        Raises:
            Unfit: If the checkout, the interpreter, the GPU or a file will not do.
        """
        machine.need(_NEEDS, "install upstream's requirements there")
        machine.add_root(settings["root"], "seva", "Stability-AI/stable-virtual-camera")
        _need_ffmpeg()
        gpu = machine.need_gpu(LEAST_GIB, (8, 0), "Stable Virtual Camera")
        if importlib.util.find_spec("gradio") is None:  # seva.sampling names it in one annotation
            stub: Any = types.ModuleType("gradio")
            stub.Progress = object
            sys.modules["gradio"] = stub
        from seva.model import SGMWrapper
        from seva.modules.conditioner import CLIPConditioner
        from seva.sampling import DiscreteDenoiser

        folder, name = weights_of(settings["weights"])
        self._model = SGMWrapper(_model(folder, name).eval()).to("cuda")
        self._ae = _autoencoder(settings["vae"]).to("cuda")
        self._conditioner = CLIPConditioner().to("cuda")
        self._denoiser = DiscreteDenoiser(num_idx=1000, device="cuda")
        return {"model": f"{folder}/{name}", "gpu": gpu}

    def paint(self, task: "dict[str, Any]") -> "np.ndarray[Any, Any]":
        """Return the wanted frames; the first is the anchor itself."""
        import torch
        from PIL import Image
        from seva.eval import run_one_scene

        asked = task["asked"]
        c2w = torch.tensor(asked["c2w"], dtype=torch.float32)
        count, prior = len(c2w), asked["prior_indices"]
        folder = tempfile.mkdtemp(prefix="svc-", dir=str(Path(task["frames"]).parent))
        try:
            videos = run_one_scene(
                "img2trajvid_s-prob",
                # run_one_scene writes into all three
                {**{key: asked[key] for key in "HWT"}, "C": 4, "f": 8,
                 "options": copy.deepcopy(asked["options"])},
                model=self._model, ae=self._ae, conditioner=self._conditioner,
                denoiser=self._denoiser,
                image_cond={"img": [task["anchor"]] + [None] * (count - 1), "input_indices": [0],
                            "prior_indices": prior},
                camera_cond={"c2w": c2w, "input_indices": list(range(count)),
                             "K": torch.tensor([asked["K"]] * count, dtype=torch.float32)},
                save_path=folder,
                use_traj_prior=prior is not None,
                traj_prior_Ks=None,
                traj_prior_c2ws=None if prior is None else c2w[prior],
                seed=task["seed"],
            )  # fmt: skip
            for _ in videos:  # a generator: it works only while it is asked
                pass
            pictures = sorted((Path(folder) / "samples-rgb").glob("*.png"))
            if len(pictures) != count:
                raise RuntimeError(f"seva wrote {len(pictures)} frames, not {count}")
            kept = [Image.open(pictures[index]).convert("RGB") for index in task["keep"]]
            return np.stack([np.asarray(picture) for picture in kept])
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def weights_of(given: "str | None") -> "tuple[str, str]":
    """Return (folder or repository, file name) of the weights.

    Raises:
        Unfit: If there is no such file, or a folder holds none.
    """
    if given is None:
        return HUB, "model.safetensors"  # upstream makes modelv1.1.safetensors of it
    path = Path(given)
    if path.is_file():
        return str(path.parent), path.name
    for name in ("modelv1.1.safetensors", "model.safetensors"):
        if (path / name).is_file():
            return str(path), name
    raise Unfit(f"{given}: is no weights file, and no folder with modelv1.1.safetensors in it")


def _model(folder: str, name: str) -> Any:  # noqa: ANN401
    from seva.utils import load_model

    try:
        model = load_model(1.1, folder, name, device="cpu", verbose=True)
    except OSError as error:
        raise Unfit(
            f"the weights cannot be had from {folder} ({error}); the repository is gated: accept "
            f"its license there and log in, or give a local file with --svc-weights"
        ) from error
    # Upstream loads with strict=False, so that a wrong file leaves parameters without any values.
    empty = [key for key, value in model.named_parameters() if value.is_meta]
    if empty:
        raise Unfit(f"{folder}/{name}: lacks {len(empty)} parameters, such as {empty[0]}")
    return model


def _autoencoder(vae: "str | None") -> Any:  # noqa: ANN401
    from seva.modules import autoencoder

    if vae is not None and not Path(vae).is_dir():
        raise Unfit(f"{vae}: no such folder; it must hold the Stable Diffusion 2.1 VAE")
    machine.use_local(autoencoder, "AutoencoderKL", Path(vae) if vae else None, "vae")
    try:
        return autoencoder.AutoEncoder(chunk_size=1)
    except OSError as error:
        raise Unfit(
            "the VAE of stabilityai/stable-diffusion-2-1-base cannot be had, it is gone from the "
            f"Hub (stable-virtual-camera issue 92): give a local folder with --svc-vae ({error})"
        ) from error


def _need_ffmpeg() -> None:
    """Refuse to start without ffmpeg: upstream writes a video beside the frames, always."""
    if importlib.util.find_spec("imageio_ffmpeg") is not None:
        import imageio_ffmpeg

        try:
            imageio_ffmpeg.get_ffmpeg_exe()
            return
        except RuntimeError:
            pass
    raise Unfit(
        "seva writes a video beside the frames, always, and finds no ffmpeg: "
        f"{sys.executable} -m pip install 'imageio[ffmpeg]'"
    )


def main() -> None:
    """Serve until the input ends."""
    serve(Svc())

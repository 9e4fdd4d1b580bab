"""HY-WorldPlay in its own interpreter, through its unmodified checkout; resident between tasks."""

import argparse
import os
import socket
from pathlib import Path
from typing import Any

import numpy as np

from . import machine
from .crew import crew
from .serve import Unfit, serve

# Upstream's README, 125 frames, by the number of GPUs that paint one video together.
LEAST_GIB = {1: 72.0, 4: 34.0, 8: 28.0}
_NEEDS = ["torch", "diffusers", "transformers", "einops", "loguru", "imageio", "moviepy", "scipy",
          "omegaconf", "safetensors"]  # fmt: skip


class Hy:
    """`hyvideo`, loaded once."""

    def load(self, settings: "dict[str, Any]") -> "dict[str, Any]":
        """Load the pipeline.

        Raises:
            Unfit: If the checkout, the interpreter, the GPU or a file will not do.
        """
        machine.need(_NEEDS, "install upstream's requirements.txt there")
        machine.add_root(settings["root"], "hyvideo", "Tencent-Hunyuan/HY-WorldPlay")
        _need_files(settings)
        ranks = int(os.environ.setdefault("WORLD_SIZE", "1"))
        _alone_environment()
        self._select_gpu()
        gpu = machine.need_gpu(LEAST_GIB[ranks], (8, 0), f"HY-WorldPlay with {ranks} GPU(s)")
        from hyvideo import generate  # builds the device mesh as it is imported
        from hyvideo.commons.infer_state import initialize_infer_state

        initialize_infer_state(_infer_state(ranks))
        self._generate = generate
        self._offloads = ranks > 1
        self._pipe = self._create(generate, settings)
        return {"model": settings["weights"], "gpu": gpu, "ranks": ranks}

    def paint(self, task: "dict[str, Any]") -> "np.ndarray[Any, Any]":
        """Return the wanted frames; the first is what the model makes of the anchor."""
        import torch
        from PIL import Image

        asked = task["asked"]
        machine.seed_all(task["seed"])  # the memory points come from the global generator
        viewmats, intrinsics, action = self._generate.pose_to_input(
            asked["pose"], len(asked["pose"])
        )
        out = self._pipe(
            prompt=task["prompt"],
            negative_prompt="",
            aspect_ratio="16:9",
            reference_image=Image.open(task["anchor"]).convert("RGB"),
            video_length=asked["video_length"],
            num_inference_steps=asked["num_inference_steps"],
            chunk_latent_frames=asked["chunk_latent_frames"],
            model_type=asked["model_type"],
            few_step=asked["few_step"],
            viewmats=viewmats.unsqueeze(0),
            Ks=intrinsics.unsqueeze(0),
            action=action.unsqueeze(0),
            user_height=asked["H"],
            user_width=asked["W"],
            seed=task["seed"],
            enable_sr=False,
            prompt_rewrite=False,
            output_type="pt",
            transformer_resident_ar_rollout=self._offloads,
        )
        video = out.videos[0]  # (3, F, H, W), 0..1
        if video.shape[1] != asked["video_length"]:
            raise RuntimeError(f"{video.shape[1]} frames came, not {asked['video_length']}")
        kept = video[:, task["keep"]].permute(1, 2, 3, 0)
        return np.asarray((kept * 255).round().clamp(0, 255).to(torch.uint8).numpy())

    @staticmethod
    def _select_gpu() -> None:
        import torch

        if torch.cuda.is_available():
            torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))

    def _create(self, generate: Any, settings: "dict[str, Any]") -> Any:  # noqa: ANN401
        import torch

        return generate.HunyuanVideo_1_5_Pipeline.create_pipeline(
            pretrained_model_name_or_path=settings["weights"],
            transformer_version="480p_i2v",
            enable_offloading=self._offloads,
            enable_group_offloading=False,
            create_sr_pipeline=False,
            force_sparse_attn=False,
            transformer_dtype=torch.bfloat16,
            action_ckpt=settings["action_weights"],
        )


def _need_files(settings: "dict[str, Any]") -> None:
    weights, action = Path(settings["weights"]), Path(settings["action_weights"])
    if not (weights / "transformer" / "480p_i2v").is_dir():
        raise Unfit(f"{weights}: holds no transformer/480p_i2v; it must be HunyuanVideo-1.5")
    for part in ("vae", "scheduler", "text_encoder/llm", "text_encoder/Glyph-SDXL-v2",
                 "vision_encoder/siglip"):  # fmt: skip
        if not (weights / part).is_dir():
            raise Unfit(f"{weights}: holds no {part}; upstream's download_models.py fetches it")
    if not action.is_file():
        raise Unfit(f"{action}: no such file; it must be an action checkpoint (.safetensors)")


def _alone_environment() -> None:
    """Set what torchrun would, for a worker of one process."""
    if "MASTER_PORT" in os.environ:
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    os.environ.update(RANK="0", LOCAL_RANK="0", MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port))


def _infer_state(ranks: int) -> argparse.Namespace:
    """Return the options that upstream's command line would have."""
    return argparse.Namespace(
        sage_blocks_range="0-53",
        use_sageattn=False,
        enable_torch_compile=False,
        use_fp8_gemm=False,
        quant_type="fp8-per-block",
        include_patterns="double_blocks",
        use_vae_parallel=ranks > 1,
    )


def main() -> None:
    """Serve until the input ends."""
    if int(os.environ.get("WORLD_SIZE", "1")) > 1:
        import torch

        if torch.cuda.is_available():
            torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    serve(Hy(), crew())

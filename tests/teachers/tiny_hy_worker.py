"""The real HY-WorldPlay worker on a CPU, with tiny random weights. Test-only.

Run in the interpreter that has upstream's packages. Upstream's files are used as they are: its own
`create_pipeline` reads a tiny transformer, VAE and scheduler from disk, its own pipeline paints.
What is replaced is said here: the GPU checks, "cuda", and the text and picture encoders
(Qwen2.5-VL, byT5 and SigLIP), whose outputs are random vectors of the right shape.
"""

import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import cpu_shims
from plane_worker import serve_module

cpu_shims.install()
serve = serve_module()
import torch  # noqa: E402
import torch.distributed.device_mesh as mesh  # noqa: E402
from w2v_workers import crew, hy, machine  # noqa: E402

TINY_TRANSFORMER = {
    "in_channels": 8, "out_channels": 8, "hidden_size": 64, "heads_num": 2, "mlp_width_ratio": 2.0,
    "mm_double_blocks_depth": 2, "mm_single_blocks_depth": 0, "rope_dim_list": [8, 12, 12],
    "patch_size": [1, 1, 1], "text_states_dim": 32, "text_states_dim_2": None,
    "attn_mode": "torch", "glyph_byT5_v2": True, "vision_projection": "linear",
    "vision_states_dim": 1152, "use_cond_type_embedding": True, "ideal_resolution": "480p",
    "ideal_task": "i2v",
}  # fmt: skip
TINY_VAE = {
    "in_channels": 3, "out_channels": 3, "latent_channels": 8, "layers_per_block": 1,
    "block_out_channels": [16, 16, 32, 32, 32], "ffactor_spatial": 16, "ffactor_temporal": 4,
    "sample_size": 256, "sample_tsize": 64, "scaling_factor": 1.0, "shift_factor": None,
}  # fmt: skip
folder = tempfile.mkdtemp(prefix="tiny-hy-")


class Words(torch.nn.Module):
    """Stands in for a text encoder."""

    dtype, max_length = torch.float32, 16

    def text2tokens(self, prompt, **_):
        return prompt

    def encode(self, prompt, **_):
        generator = torch.Generator().manual_seed(len(str(prompt)))
        state = torch.randn(1, 16, 32, generator=generator)
        mask = torch.ones(1, 16, dtype=torch.int64)
        return type("Out", (), {"hidden_state": state, "attention_mask": mask})


class Eyes(torch.nn.Module):
    """Stands in for SigLIP."""

    def encode_images(self, picture):
        state = torch.full((1, 729, 1152), float(picture.mean()) / 255)
        return type("Out", (), {"last_hidden_state": state})


def make_files(generate):
    """Write tiny weights where `create_pipeline` reads the real ones."""
    import hyvideo.pipelines.worldplay_video_pipeline as upstream
    from safetensors.torch import save_file

    torch.manual_seed(0)
    transformer = upstream.HunyuanVideo_1_5_DiffusionTransformer(**TINY_TRANSFORMER)
    transformer.save_pretrained(Path(folder, "transformer", "480p_i2v"))
    transformer.add_action_parameters()
    for parameter in transformer.parameters():
        torch.nn.init.normal_(parameter, std=0.05)
    save_file(transformer.state_dict(), Path(folder, "action.safetensors"))
    vae = upstream.hunyuanvideo_15_vae_w_cache.AutoencoderKLConv3D(**TINY_VAE)
    vae.save_pretrained(Path(folder, "vae"))
    upstream.FlowMatchDiscreteScheduler().save_pretrained(Path(folder, "scheduler"))
    kind = generate.HunyuanVideo_1_5_Pipeline
    byt5 = {"byt5_model": None, "byt5_tokenizer": None, "byt5_max_length": 8}
    kind._load_byt5 = classmethod(lambda cls, *_, **__: (byt5, None))
    kind._load_text_encoders = classmethod(lambda cls, *_, **__: (Words(), None))
    kind._load_vision_encoder = classmethod(lambda cls, *_, **__: Eyes())


class TinyHy(hy.Hy):
    """Loads from the files just made, through the code that loads the real ones."""

    def _create(self, generate, settings):
        make_files(generate)
        settings = {**settings, "weights": folder,
                    "action_weights": str(Path(folder, "action.safetensors"))}  # fmt: skip
        pipe = super()._create(generate, settings)
        pipe.transformer.float(), pipe.vae.float()  # a CPU does not cast as a GPU does
        pipe.target_dtype, pipe.autocast_enabled = torch.float32, False
        pipe.vae_autocast_enabled = False
        pipe.execution_device = torch.device("cpu")
        return pipe


real_mesh = mesh.init_device_mesh
mesh.init_device_mesh = lambda kind, *sizes, **names: real_mesh("cpu", *sizes, **names)
os.environ["W2V_DIST_BACKEND"] = "gloo"
machine.need_gpu = lambda *limits: "this CPU"
hy._need_files = lambda settings: None
serve.serve(TinyHy(), crew.crew())

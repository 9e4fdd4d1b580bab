"""The real SVC worker on a CPU, with tiny random weights in place of the real ones. Test-only.

Run in the interpreter that has upstream's packages. Upstream's files are used as they are; what is
replaced is said here: the GPU check, the sizes of three networks, and the weights files.
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
from w2v_workers import machine, svc  # noqa: E402

TINY = {
    "model_channels": 32,
    "num_res_blocks": 1,
    "channel_mult": [1, 1, 1, 1],
    "num_head_channels": 32,
    "context_dim": 32,
}


def shrink(root, package, upstream):
    """Put the checkout on the path, and make its networks small."""
    real_add_root(root, package, upstream)
    import diffusers
    import open_clip
    import safetensors.torch
    import seva.model
    import seva.utils
    import torch

    torch.manual_seed(0)
    params = seva.model.SevaParams(**TINY)
    seva.utils.SevaParams = lambda: params
    if Path(WEIGHTS).exists():
        return
    tiny = seva.model.Seva(params)
    for parameter in tiny.parameters():  # upstream starts its last layers at zero
        torch.nn.init.normal_(parameter, std=0.05)
    safetensors.torch.save_file(tiny.state_dict(), WEIGHTS)
    vae = diffusers.AutoencoderKL(
        down_block_types=["DownEncoderBlock2D"] * 4,
        up_block_types=["UpDecoderBlock2D"] * 4,
        block_out_channels=[32] * 4,
        latent_channels=4,
        layers_per_block=1,
    )
    vae.save_pretrained(VAE)
    eyes = {"image_size": 224, "layers": 1, "width": 64, "patch_size": 56, "head_width": 32}
    words = {"context_length": 8, "vocab_size": 64, "width": 32, "heads": 1, "layers": 1}
    clip = open_clip.CLIP(32, eyes, words)
    open_clip.create_model_and_transforms = lambda *names, **options: (clip, None, None)


folder = tempfile.mkdtemp(prefix="tiny-svc-")
WEIGHTS, VAE = os.path.join(folder, "modelv1.1.safetensors"), os.path.join(folder, "vae")


class TinySvc(svc.Svc):
    """Loads from the files just made, through the code that loads the real ones."""

    def load(self, settings):
        """Load."""
        return super().load({**settings, "weights": folder, "vae": folder})


real_add_root = machine.add_root
machine.add_root = shrink
machine.need_gpu = lambda *limits: "this CPU"
serve.serve(TinySvc())

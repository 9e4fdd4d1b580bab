"""The options that say where a world model lies and how it is run: of `build` and of `plan`."""

import argparse
from typing import Any

_PATHS = {
    "svc_root": ("DIR", "checkout of stable-virtual-camera (or W2V_SVC_ROOT)"),
    "svc_python": ("FILE", "interpreter that has its packages (or W2V_SVC_PYTHON)"),
    "svc_weights": ("PATH", "its weights; from the Hugging Face Hub if not given"),
    "svc_vae": ("DIR", "the Stable Diffusion 2.1 VAE, which the Hub no longer has"),
    "hy_root": ("DIR", "checkout of HY-WorldPlay (or W2V_HY_ROOT)"),
    "hy_python": ("FILE", "interpreter that has its packages (or W2V_HY_PYTHON)"),
    "hy_weights": ("DIR", "HunyuanVideo-1.5"),
    "hy_action_weights": ("FILE", "the action checkpoint"),
    "gpus": ("LIST", "such as 0,1; those of CUDA_VISIBLE_DEVICES, or all, if not given"),
    "accept_license": ("NAME", "accept the license of a world model's output by its name"),
}


def add_teacher_options(command: argparse.ArgumentParser) -> None:
    """Add the options, as a group of their own."""
    group = command.add_argument_group("world models (--backend svc, hy-worldplay)")
    for name, (metavar, text) in _PATHS.items():
        group.add_argument(f"--{name.replace('_', '-')}", metavar=metavar, help=text)
    add_profile_options(command)


def add_profile_options(command: argparse.ArgumentParser) -> None:
    """Add what decides how a world model paints."""
    command.add_argument(
        "--svc-profile", choices=("gt", "paper"), help="one pass, or the paper's two"
    )
    command.add_argument("--hy-model", choices=("ar", "bi"), help="which checkpoint it is")


def teacher_settings(args: argparse.Namespace) -> dict[str, Any]:
    """Return the settings that the options give, as `read_config` takes them."""
    machine = {name: getattr(args, name, None) for name in _PATHS}
    given = {
        "machine": {name: value for name, value in machine.items() if value is not None},
        "svc": {"profile": args.svc_profile} if args.svc_profile else {},
        "hy": {"model_type": args.hy_model} if args.hy_model else {},
    }
    return {name: values for name, values in given.items() if values}

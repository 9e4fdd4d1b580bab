"""Print the picture test: the left garage photograph, moved 0.193001 m, against the real right one.

python -m bench.right_eye
"""

import time

import numpy as np

from builder.core.action import Move
from builder.scenes import source_named
from tests.picture_test import (
    BASELINE_M,
    Agreement,
    agreement,
    measured,
    moved,
    right_photograph,
    splat,
)


def main() -> None:
    """Print one row a picture."""
    source = source_named("photos")
    relief = source.open(source.references(1, 0, None)[0]).world.relief
    view, trace = moved(relief, Move("right", BASELINE_M))
    everywhere = np.ones_like(trace.seen)
    wrong, wrong_trace = moved(relief, Move("left", BASELINE_M))
    rows = {
        "moved right, seen pixels": agreement(view.rgb, trace.seen),
        "moved right, measured depth": agreement(view.rgb, measured(trace)),
        "moved right, all pixels": agreement(view.rgb, everywhere),
        "plain disparity splat": agreement(*splat()),
        "no motion": agreement(relief.rgb, everywhere),
        "no motion, same pixels": agreement(relief.rgb, trace.seen),
        "moved left, seen pixels": agreement(wrong.rgb, wrong_trace.seen),
    }
    print(f"against the real right photograph, {right_photograph().shape[1::-1]} pixels")
    for name, row in rows.items():
        print(_line(name, row))
    started = time.process_time()
    moved(relief, Move("right", BASELINE_M))
    print(f"one look and one trace: {time.process_time() - started:.2f} s of CPU")


def _line(name: str, row: Agreement) -> str:
    return f"{name:28} {row.share:6.1%}  {row.psnr_db:5.2f} dB  SSIM {row.ssim:.3f}"


if __name__ == "__main__":
    main()

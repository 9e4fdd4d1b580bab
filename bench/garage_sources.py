"""Make data-demo/sources/garage/ from the measured stereo pair that scikit-image carries.

    python bench/garage_sources.py            # writes image.png, depth.png and manifest.jsonl

`objects.json` beside them is annotated by hand; this script only lays it out (one object a line).
"""

import json
from pathlib import Path

import numpy as np
from PIL import Image

FOCAL_PX, CENTER_PX = 994.978, (311.193, 254.877)  # Middlebury counts pixel centers from 0
BASELINE_M, CENTER_SHIFT_PX = 0.193001, 31.086
GARAGE = Path(__file__).parents[1] / "data-demo" / "sources" / "garage"
SOURCE = (
    "Motorcycle, Middlebury Stereo Datasets 2014, as carried by scikit-image; D. Scharstein, "
    "H. Hirschmüller, Y. Kitajima, G. Krathwohl, N. Nesic, X. Wang, P. Westling: High-resolution "
    "stereo datasets with subpixel-accurate ground truth, GCPR 2014"
)


def stereo() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the left photograph, the right one, and the left one's depth in metres (0 unknown)."""
    import skimage.data

    left, right, disparity_px = skimage.data.stereo_motorcycle()
    depth_m = FOCAL_PX * BASELINE_M / (disparity_px.astype(np.float64) + CENTER_SHIFT_PX)
    return left, right, np.where(np.isfinite(disparity_px), depth_m, 0)


def manifest() -> dict[str, object]:
    """Return the one line of the manifest."""
    (cx, cy) = CENTER_PX
    return {
        "scene_id": "garage",
        "image": "image.png",
        "license": "LicenseRef-Middlebury-2014",
        "source": SOURCE,
        "prompt": "A red motorcycle stands in a garage with shelves, boxes and a wooden bench.",
        "camera": {"fx": FOCAL_PX, "fy": FOCAL_PX, "cx": cx, "cy": cy, "pixel_center": 0},
        "depth": "depth.png",
        "objects": "objects.json",
    }


def laid_out(objects: list[dict[str, object]]) -> str:
    """Return annotated objects as JSON, one a line."""
    lines = ",\n".join(json.dumps(each, ensure_ascii=False) for each in objects)
    return f"[\n{lines}\n]\n"


def main() -> None:
    """Write the files."""
    left, _, depth_m = stereo()
    Image.fromarray(left).save(GARAGE / "image.png", optimize=True)
    millimetres = np.rint(depth_m * 1000).astype(np.uint16)
    Image.fromarray(millimetres).save(GARAGE / "depth.png", optimize=True)
    line = json.dumps(manifest(), ensure_ascii=False)
    (GARAGE / "manifest.jsonl").write_text(line + "\n", encoding="utf-8")
    annotated = GARAGE / "objects.json"
    annotated.write_text(laid_out(json.loads(annotated.read_text("utf-8"))), encoding="utf-8")
    for path in sorted(GARAGE.iterdir()):
        print(f"{path.stat().st_size:9d}  {path.name}")


if __name__ == "__main__":
    main()

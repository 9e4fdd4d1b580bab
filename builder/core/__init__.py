"""The nouns of the project, as immutable values. Nothing here touches disk, GPU or network.

Conventions, stated once and relied on everywhere:

* Axes are OpenCV's: +x right, +y down, +z forward out of the lens. Scene frames have +y down too.
* Lengths are metres, angles are degrees; the unit is part of the name (`distance_m`, `yaw_deg`).
* A transform is named by its frames, target first: `world_from_camera @ p_camera == p_world`.
* A turn is R_y(yaw) = [[c, 0, s], [0, 1, 0], [-s, 0, c]]; a turn to the left has negative yaw.
* Pixel (0, 0) covers [0, 1) x [0, 1); its center is at (0.5, 0.5).
* Boxes are (x1, y1, x2, y2), half-open, around the visible pixels; `_px` in pixels, `_n1000` as
  integers in 0..1000.
* The camera of a trajectory's frame 0 is its world frame: `world_from_camera[0]` is the identity.
"""

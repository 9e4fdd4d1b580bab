"""The gates of a build also decide which motions are planned from a photograph."""

import numpy as np
import pytest
from photo_examples import texture
from PIL import Image

from builder.config import Gates
from builder.core.action import Turn
from builder.core.protocol import SUBSETS
from builder.core.trajectory import unroll
from builder.scenes import source_named


@pytest.mark.parametrize(
    ("gates", "refusal"),
    [({}, "border"), ({"max_border": 1.0, "min_seen": 0.0, "max_enlargement": 100.0}, None)],
)
def test_a_turn_beyond_the_picture_is_refused_only_as_the_settings_say(tmp_path, gates, refusal):
    Image.fromarray(texture(200, 200)).save(tmp_path / "shed.png")
    np.save(tmp_path / "shed.depth.npy", np.full((200, 200), 2.0, np.float32))
    photos, subset = source_named("photos"), SUBSETS["svc-real"]
    (reference,) = photos.references(1, 0, str(tmp_path))
    world = photos.open(reference, Gates(**gates)).world
    anchor = world.anchors(subset, 1)[0]
    assert world.refusal(anchor, unroll([Turn("left", 30.0)], subset.protocol)) == refusal

import numpy as np
import pytest

from builder.core.errors import GeometryError
from builder.render.texture import linear_from_byte, linear_from_srgb, pack, srgb_from_linear


def test_decoding_undoes_encoding():
    light = np.linspace(0, 1, 257, dtype=np.float32)
    np.testing.assert_allclose(linear_from_srgb(srgb_from_linear(light)), light, atol=1e-6)
    assert linear_from_byte()[188] == pytest.approx(0.5, abs=5e-3)


def test_smaller_copies_are_averaged_in_light_and_not_in_bytes():
    checker = np.zeros((1, 2, 2, 3), np.uint8)
    checker[0, 0, 0] = checker[0, 1, 1] = 255
    atlas = pack(checker)
    assert atlas.first.tolist() == [0, 4]
    assert atlas.texels[4] == 188 * 0x010101
    np.testing.assert_allclose(atlas.mean, 0.5)


def test_texels_lie_row_by_row_texture_by_texture_level_by_level():
    textures = np.arange(2 * 4 * 4 * 3, dtype=np.uint8).reshape(2, 4, 4, 3)
    atlas = pack(textures)
    red, green, blue = textures[1, 2, 3].tolist()
    assert atlas.texels[16 + 2 * 4 + 3] == red | green << 8 | blue << 16
    assert atlas.first.tolist() == [0, 32, 40]
    assert atlas.texels.size == 42


@pytest.mark.parametrize("shape", [(1, 3, 3, 3), (1, 4, 8, 3), (1, 4, 4, 4), (4, 4, 3)])
def test_textures_of_other_shapes_are_refused(shape):
    with pytest.raises(GeometryError, match="power of two"):
        pack(np.zeros(shape, np.uint8))

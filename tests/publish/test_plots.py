"""Figures: all of them, readable as pictures, and the same bytes from the same counts."""

import pytest
from PIL import Image

from builder.commands import making
from builder.core.errors import MissingExtra
from builder.publish import plots
from builder.publish.pack import pack
from builder.publish.show import demo_folder
from builder.publish.stats import Statistics
from builder.publish.stats_read import read_statistics

matplotlib = pytest.importorskip(
    "matplotlib", reason="figures are drawn with matplotlib, extra [build]"
)


@pytest.fixture(scope="module")
def found():
    return read_statistics(demo_folder())


@pytest.fixture(scope="module")
def drawn(found, tmp_path_factory):
    return plots.draw(found, tmp_path_factory.mktemp("figures"))


def test_every_figure_is_drawn_and_small_enough_for_a_card(drawn):
    assert [file.name for file in drawn] == list(plots.FIGURES)
    for file in drawn:
        with Image.open(file) as picture:
            assert picture.width >= 1000
            assert len(picture.convert("L").getcolors()) > 20  # not blank
        assert file.stat().st_size < 400_000


@pytest.mark.slow
def test_the_same_counts_give_the_same_bytes_whatever_the_user_has_set(found, drawn, tmp_path):
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "red", "savefig.dpi": 20}):
        again = plots.draw(found, tmp_path)
    for one, other in zip(drawn, again, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


def test_no_date_and_no_machine_stands_in_a_figure(drawn):
    for file in drawn:
        with Image.open(file) as picture:
            assert set(picture.info) <= {"dpi"}


def test_records_of_one_task_without_objects_are_drawn_too(tmp_path):
    rows = [
        {
            "subset": "svc-real",
            "split": "train",
            "task_type": "A2",
            "actions": f"turn {way} 20 degrees",
            "answer_form": "open",
            "messages": [{}, {"content": ""}],
            "difficulty": 3,
            "object": None,
        }
        for way in ("left", "right")
    ]
    assert len(plots.draw(Statistics(rows), tmp_path / "new")) == 4


def test_the_card_shows_the_figures_and_the_manifest_lists_them(tmp_path, drawn):
    def drawing(found, folder):
        folder.mkdir()
        copies = [folder / file.name for file in drawn]
        for copy, file in zip(copies, drawn, strict=True):
            copy.write_bytes(file.read_bytes())
        return copies

    bundles = tmp_path / "bundles" / "SVC-RealScene"
    demo = demo_folder() / "SVC-RealScene-demo"
    bundles.mkdir(parents=True)
    for part in ("scenes",):
        (bundles / part).symlink_to(demo / part)
    (bundles / "tasks.jsonl").write_bytes((demo / "tasks_demo.jsonl").read_bytes())
    folder = pack(tmp_path, {}, drawing)
    page, manifest = (folder / "README.md").read_text(), (folder / "manifest.json").read_text()
    for name in plots.FIGURES:
        assert f"(figures/{name})" in page
        assert f'"figures/{name}"' in manifest
    assert "| `svc-real` | A1 |" in page
    assert '"distributions.json"' in manifest


def test_a_missing_matplotlib_is_said_before_a_build_begins(monkeypatch, tmp_path):
    monkeypatch.setitem(__import__("sys").modules, "matplotlib", None)
    with pytest.raises(MissingExtra, match=r"matplotlib.*world2vlm\[build\]"):
        plots.can_draw()
    pytest.importorskip("numba", reason="a build paints with numba")
    with pytest.raises(MissingExtra, match="matplotlib"):
        making.build_here(making.BuildConfig(), tmp_path / "out")
    assert not (tmp_path / "out").exists()

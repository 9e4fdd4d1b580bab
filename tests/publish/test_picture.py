"""Records as pictures: boxes where the record says, nothing cut, the right record chosen."""

import json

import numpy as np
import pytest
from PIL import Image

from builder.core.errors import StoreError
from builder.publish.picture import record_picture, sheet_of
from builder.publish.rows import rows
from builder.publish.show import chosen_row, in_words

ORANGE, GREEN = (255, 176, 0), (0, 158, 115)


def record(number=0, task="D1", thing=True):
    return {
        "record_id": f"svc-real/garage/a0/{task}/{number}",
        "task_type": task,
        "messages": [
            {"role": "user", "content": "<image><image>Where is the crate now?"},
            {"role": "assistant", "content": "[500, 250, 750, 500]"},
        ],
        "images": ["a.png", "b.png"],
        "object": {
            "label": "crate",
            "box_before": [100, 500, 300, 900],
            "box_after": [500, 250, 750, 500],
        }
        if thing
        else None,
        "accepted": ["[500, 250, 750, 500]"],
        "template_id": f"{task}.box-1",
    }


def images():
    return [Image.new("RGB", (400, 200), (90, 90, 90)) for _ in range(2)]


def columns_of(picture, rgb):
    return np.nonzero((np.asarray(picture) == rgb).all(-1).any(0))[0]


def test_the_box_before_is_on_the_first_image_and_the_box_after_on_the_last():
    picture = record_picture(record(), images(), image_height_px=200)
    before, after = columns_of(picture.crop((0, 0, 430, 220)), ORANGE), columns_of(picture, GREEN)
    assert before.min() == 20 + 40
    assert before.max() <= 20 + 130
    second_image = 20 + 400 + 10
    green_in_images = columns_of(picture.crop((0, 20, picture.width, 220)), GREEN)
    assert green_in_images.min() == second_image + 200
    assert len(after) >= len(green_in_images)


def test_a_record_without_an_object_has_no_box():
    picture = record_picture(record(thing=False), images(), image_height_px=200)
    assert not len(columns_of(picture, ORANGE))


def test_a_sheet_holds_every_picture_whole():
    pictures = [Image.new("RGB", size) for size in ((10, 5), (20, 8), (7, 30))]
    assert sheet_of(pictures, columns=2).size == (10 + 20, 8 + 30)


@pytest.fixture
def folder(tmp_path):
    for image, name in zip(images(), ("a.png", "b.png"), strict=True):
        image.save(tmp_path / name)
    lines = [json.dumps(record(number, task)) for number, task in enumerate(["A1", "D1", "D1"])]
    (tmp_path / "tasks.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def test_the_nth_record_of_a_task_is_found(folder):
    found, pictures = chosen_row(folder, None, "D1", 1)
    assert found["record_id"].endswith("D1/2")
    assert [picture.size for picture in pictures] == [(400, 200)] * 2
    assert "Where is the crate now?" in in_words(found)
    assert "<image>" not in in_words(found)


def test_a_record_that_is_not_there_is_said_to_be_missing(folder):
    with pytest.raises(StoreError, match="task D4"):
        chosen_row(folder, None, "D4", 0)


def test_an_image_outside_the_folder_is_not_opened(folder):
    bad = {**record(), "images": ["../secret.png", "b.png"]}
    (folder / "tasks.jsonl").write_text(json.dumps(bad) + "\n", encoding="utf-8")
    with pytest.raises(StoreError, match="outside"):
        list(rows(folder))


def test_a_folder_without_records_says_what_it_looked_for(tmp_path):
    with pytest.raises(StoreError, match=r"tasks\.jsonl"):
        list(rows(tmp_path))

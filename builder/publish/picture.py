"""One record as a picture people can look at: its images side by side, boxes, question, answer."""

from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from builder.core.record import IMAGE_MARK

_PAPER, _INK, _QUIET = (255, 255, 255), (24, 26, 31), (110, 115, 125)
_BEFORE, _AFTER = (255, 176, 0), (0, 158, 115)  # Okabe and Ito: told apart by color-blind eyes
_MARGIN_PX, _GAP_PX = 20, 10


def record_picture(
    record: Mapping[str, Any], images: Sequence[Image.Image], image_height_px: int = 384
) -> Image.Image:
    """Draw one record.

    Args:
        record: One record's JSON.
        images: Its images, in order.
        image_height_px: Height at which each is shown.

    Returns:
        RGB; the object's box is orange before the motion and green after it.
    """
    tiles = [_tile(record, images, index, image_height_px) for index in range(len(images))]
    row_px = sum(tile.width for tile in tiles) + _GAP_PX * (len(tiles) - 1)
    width_px = max(row_px, 560) + 2 * _MARGIN_PX
    lines = _lines(record, width_px - 2 * _MARGIN_PX)
    text_px = sum(_line_height_px(font) for font, _, _ in lines)
    sheet = Image.new("RGB", (width_px, image_height_px + text_px + 3 * _MARGIN_PX), _PAPER)
    left_px = _MARGIN_PX
    for tile in tiles:
        sheet.paste(tile, (left_px, _MARGIN_PX))
        left_px += tile.width + _GAP_PX
    draw, top_px = ImageDraw.Draw(sheet), image_height_px + 2 * _MARGIN_PX
    for font, color, text in lines:
        draw.text((_MARGIN_PX, top_px), text, font=font, fill=color)
        top_px += _line_height_px(font)
    return sheet


def captioned_picture(
    record: Mapping[str, Any], images: Sequence[Image.Image], image_height_px: int = 190
) -> Image.Image:
    """Draw the images of one record with boxes, and below them its task and answer in one line."""
    tiles = [_tile(record, images, index, image_height_px) for index in range(len(images))]
    width_px = sum(tile.width for tile in tiles) + _GAP_PX * (len(tiles) - 1)
    body = ImageFont.load_default(16)
    told = f"{record['task_type']}   {record['messages'][1]['content']}"
    lines = _wrap(told, body, max(width_px, 320))
    sheet = Image.new(
        "RGB",
        (max(width_px, 320) + 2 * _GAP_PX, image_height_px + len(lines) * 22 + 3 * _GAP_PX),
        _PAPER,
    )
    left_px = _GAP_PX
    for tile in tiles:
        sheet.paste(tile, (left_px, _GAP_PX))
        left_px += tile.width + _GAP_PX
    draw = ImageDraw.Draw(sheet)
    for number, line in enumerate(lines):
        draw.text((_GAP_PX, image_height_px + 2 * _GAP_PX + 22 * number), line, _INK, body)
    return sheet


def sheet_of(pictures: Sequence[Image.Image], columns: int) -> Image.Image:
    """Lay pictures out in rows, each column as wide as its widest picture."""
    rows = [pictures[start : start + columns] for start in range(0, len(pictures), columns)]
    widths_px = [max(row[c].width for row in rows if c < len(row)) for c in range(len(rows[0]))]
    heights_px = [max(picture.height for picture in row) for row in rows]
    sheet = Image.new("RGB", (sum(widths_px), sum(heights_px)), _PAPER)
    top_px = 0
    for row, height_px in zip(rows, heights_px, strict=True):
        for column, picture in enumerate(row):
            sheet.paste(picture, (sum(widths_px[:column]), top_px))
        top_px += height_px
    return sheet


def _tile(
    record: Mapping[str, Any], images: Sequence[Image.Image], index: int, height_px: int
) -> Image.Image:
    source = images[index]
    size_px = (max(1, round(source.width * height_px / source.height)), height_px)
    tile = source.convert("RGB").resize(size_px, Image.Resampling.LANCZOS)
    thing = record.get("object")
    if thing:
        if index == 0:
            _draw_box(tile, thing["box_before"], _BEFORE, thing["label"])
        elif index == len(images) - 1 and thing["box_after"]:
            _draw_box(tile, thing["box_after"], _AFTER, thing["label"])
    return tile


def _draw_box(
    tile: Image.Image, box_n1000: Sequence[int], color: tuple[int, int, int], label: str
) -> None:
    draw, font = ImageDraw.Draw(tile), ImageFont.load_default(14)
    x1, y1, x2, y2 = (
        corner / 1000 * size
        for corner, size in zip(box_n1000, (tile.width, tile.height) * 2, strict=True)
    )
    draw.rectangle((x1, y1, max(x1, x2 - 1), max(y1, y2 - 1)), outline=color, width=3)
    wide = draw.textlength(label, font=font) + 8
    left, top = min(x1, tile.width - wide), y1 - 20 if y1 >= 20 else y1
    draw.rectangle((left, top, left + wide, top + 20), fill=color)
    draw.text((left + 4, top + 2), label, font=font, fill=_INK)


def _lines(
    record: Mapping[str, Any], width_px: int
) -> list[tuple[ImageFont.ImageFont | ImageFont.FreeTypeFont, tuple[int, int, int], str]]:
    body, small = ImageFont.load_default(18), ImageFont.load_default(14)
    question = record["messages"][0]["content"].replace(IMAGE_MARK, "")
    answer = record["messages"][1]["content"]
    lines = [(body, _INK, line) for line in _wrap(question, body, width_px)]
    lines += [(body, _AFTER, line) for line in _wrap(f"Answer: {answer}", body, width_px)]
    others = list(record.get("accepted", ()))[1:]
    if others:
        lines += [
            (small, _QUIET, line) for line in _wrap(f"also: {' | '.join(others)}", small, width_px)
        ]
    about = " · ".join(str(record[key]) for key in ("record_id", "template_id") if key in record)
    return lines + [(small, _QUIET, line) for line in _wrap(about, small, width_px)]


def _wrap(
    text: str, font: ImageFont.ImageFont | ImageFont.FreeTypeFont, width_px: int
) -> list[str]:
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if line and font.getlength(longer) > width_px:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return lines


def _line_height_px(font: ImageFont.ImageFont | ImageFont.FreeTypeFont) -> int:
    return round(font.getbbox("Ag")[3] * 1.35)

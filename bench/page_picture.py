"""Show a page of Markdown as a picture: a release's card, or the summary that a check writes.

    python bench/page_picture.py out/World2VLM/README.md docs/card.png
    python bench/page_picture.py summary.md docs/annotations.png

Needs `pip install markdown-it-py` and Chromium (`chromium`, or the path in CHROMIUM). The rules of
Markdown are GitHub's, the style is made after theirs; it is no picture of a site. What a card says
in its YAML is shown as labels on top, since the Hub shows it so.
"""

import html
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml
from markdown_it import MarkdownIt
from PIL import Image, ImageChops

WIDTH_PX, MOST_PX = 860, 12_000
SHOWN = ("task_categories", "size_categories", "language", "license", "license_name", "tags")
STYLE = """
body { margin: 24px 40px; font: 14.5px/1.5 "Liberation Sans", "DejaVu Sans", sans-serif;
       color: #1f2328; background: white; }
h1 { font-size: 28px; } h2 { font-size: 21px; margin-top: 28px; } h3 { font-size: 18px; }
h1, h2 { border-bottom: 1px solid #d1d9e0; padding-bottom: 6px; }
code { font: 12px "DejaVu Sans Mono", monospace; background: #eff1f3; border-radius: 5px;
       padding: 2px 5px; overflow-wrap: break-word; }
pre { background: #f6f8fa; border-radius: 6px; padding: 14px; }
pre code { padding: 0; background: none; white-space: pre-wrap; }
table { border-collapse: collapse; font-size: 13px; display: block; overflow: auto;
        margin: 14px 0; }
th, td { border: 1px solid #d1d9e0; padding: 5px 9px; } tr:nth-child(2n) td { background: #f6f8fa; }
img { max-width: 100%; } li { margin: 3px 0; } summary { font-weight: 600; cursor: pointer; }
details { margin: 14px 0; } .label { display: inline-block; margin: 0 6px 6px 0; padding: 1px 9px;
       border: 1px solid #d1d9e0; border-radius: 12px; font-size: 12px; color: #59636e; }
.label b { color: #1f2328; font-weight: 600; }
"""


def page(file: Path) -> str:
    text, labels = file.read_text(encoding="utf-8"), ""
    if text.startswith("---\n"):
        _, front, text = text.split("---\n", 2)
        labels = _labels(yaml.safe_load(front))
    body = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    head = f'<meta charset="utf-8"><base href="{file.resolve().parent.as_uri()}/">'
    return f"<!doctype html><head>{head}<style>{STYLE}</style></head><body>{labels}{body}</body>"


def _labels(front: dict) -> str:
    shown = []
    for name in SHOWN:
        values = front.get(name, [])
        for value in values if isinstance(values, list) else [values]:
            named = f"<b>{html.escape(name)}</b> {html.escape(str(value))}"
            shown.append(f'<span class="label">{named}</span>')
    return "".join(shown)


def shoot(text: str, target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source, shot = Path(folder) / "page.html", Path(folder) / "page.png"
        source.write_text(text, encoding="utf-8")
        command = [os.environ.get("CHROMIUM", "chromium"), "--headless", "--no-sandbox"]
        command += ["--disable-gpu", "--hide-scrollbars", f"--user-data-dir={folder}/profile"]
        command += [f"--window-size={WIDTH_PX},{MOST_PX}", f"--screenshot={shot}", source.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        with Image.open(shot) as picture:
            whole = picture.convert("RGB")
    white = Image.new("RGB", whole.size, "white")
    _, _, _, bottom = ImageChops.difference(whole, white).getbbox()
    cut = whole.crop((0, 0, whole.width, min(bottom + 24, whole.height)))
    cut.quantize(200, dither=Image.Dither.NONE).save(target, optimize=True)
    print(f"{target}: {cut.width}x{cut.height}, {target.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    shoot(page(Path(sys.argv[1])), Path(sys.argv[2]))

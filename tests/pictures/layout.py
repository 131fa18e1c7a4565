"""Lays the pictures out: one page, a part for each noun, each screen with its name and its sentence."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from babel import Locale

from tests.pictures.camera import Picture
from tests.pictures.screens import NAMES, PARTS

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
FOLDER = DOCS / "pictures" / "screens"
HEAD = """# Every screen

What Olga sees, who owns the small atelier of the demo; whoever may do less, sees less. `python -m tests.pictures` takes
the pictures anew, in any two languages.
"""


def lay_out(taken: Mapping[str, Mapping[str, Picture]]) -> None:
    """Write the page and the pictures, in place of those that were there. By language, then by address."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    for language, pictures in taken.items():
        (FOLDER / language).mkdir(parents=True)
        for picture in pictures.values():
            (FOLDER / language / file_name(picture)).write_bytes(picture.webp)
    (DOCS / "screens.md").write_text("\n".join([HEAD, *_parts(taken)]), encoding="utf-8")


def file_name(picture: Picture) -> str:
    """As the class of its button is called, in small letters, or as it is named."""
    to = picture.to
    words = to if isinstance(to, str) else re.sub(r"(?<!^)(?=[A-Z])", "-", to.__name__).lower()
    return "-".join(filter(None, (words, picture.more.replace(":", "-")))) + ".webp"


def _parts(taken: Mapping[str, Mapping[str, Picture]]) -> Iterator[str]:
    first, *others = taken.values()
    shown = [one for address, one in first.items() if all(address in other for other in others)]
    for part, screens in PARTS.items():
        yield f"## {part}\n"
        for screen in screens:
            for one in shown:
                if one.to == screen:
                    yield from _screen(one, list(taken))


def _screen(one: Picture, languages: list[str]) -> Iterator[str]:
    name, sentence = NAMES[one.to]
    yield f"### {name}{': ' if one.more else ''}{one.more.replace(':', ', ')}\n"
    yield f"{sentence}\n"
    spoken = {code: str(Locale.parse(code).get_display_name("en")) for code in languages}
    cells = [f"![{name}, {spoken[code]}](pictures/screens/{code}/{file_name(one)})" for code in languages]
    yield f"| {' | '.join(spoken.values())} |\n|{' --- |' * len(cells)}\n| {' | '.join(cells)} |\n"

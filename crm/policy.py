"""The privacy policy, clause by clause, as the file beside the catalogs has it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "locales"
SOURCE = "en"
TITLE = re.compile(r"(\d+)\. (\S.*)")
HEADING = re.compile(r"\d+\.\d+ \S.*")
LABEL = re.compile(r"[^\w\s]* ?([^\W\d_])[^.:]{1,40}: ?")  # opens a paragraph of its own: "Backups:", "Data Export:"


@dataclass(frozen=True, slots=True)
class Clause:
    """One numbered clause; 0 is what stands before the first. Paragraphs, headings and points are whole lines."""

    number: int
    title: str
    lines: tuple[str, ...]


def is_translated(language: str) -> bool:
    """Whether there is a text in this language that is not the binding one."""
    return language != SOURCE and (FOLDER / language / "policy.txt").is_file()


@cache
def clauses(language: str) -> tuple[Clause, ...]:
    """The policy in this language, or in English, which is the binding one, where there is no translation."""
    path = FOLDER / (language if is_translated(language) else SOURCE) / "policy.txt"
    found: list[tuple[int, str, list[str]]] = [(0, "", [])]
    for line in path.read_text(encoding="utf-8").splitlines():
        title = TITLE.fullmatch(line.strip())
        if title and int(title[1]) == found[-1][0] + 1:
            found.append((int(title[1]), title[2], []))
        else:
            found[-1][2].append(line.strip())
    return tuple(Clause(number, title, _whole(lines)) for number, title, lines in found)


def _whole(lines: list[str]) -> tuple[str, ...]:
    """Join what was broken to fit a page; a dash begins a point, also where it stands alone."""
    whole: list[str] = []
    fresh = True
    for line in filter(None, lines):
        if line == "-":
            whole.append("•")
        elif line.startswith("- "):
            whole.append(f"• {line[2:]}")
        elif fresh or HEADING.fullmatch(line) or _opens(line, whole[-1]):
            whole.append(line)
        else:
            whole[-1] += f" {line}"
        fresh = bool(HEADING.fullmatch(line))
    return tuple(whole)


def _opens(line: str, before: str) -> bool:
    """Whether a line begins a paragraph of its own: "Backups: …" after a full stop, a line with a sign before it."""
    label = LABEL.match(line)
    capital = label is not None and label[1].isupper()
    return before != "•" and capital and (before.endswith((".", ":")) or "@" in before or "/" in before)

"""How wide a button's words are, and how wide a button is: what would be cut gets a row of its own.

A row's buttons are equally wide, and Telegram cuts what does not fit. Widths are those of Roboto, in which Telegram for
Android writes, by classes of letters and in units of 1/2048 em; the fonts of other systems differ by a few percent.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from aiogram.types import InlineKeyboardButton

EM, SIZE = 2048, 15.0  # units; points of a label
SCREEN = 393.0  # points, as most phones of these years have them
BESIDE, GAP, PADDING = 70.0, 4.0, 12.0  # what a bubble leaves free, between two buttons, inside of one
NARROW, SLIM, WIDE = frozenset(" ijlI.,:;'’!|·ії"), frozenset('frt()-[]/“”"1гґ‹›'), frozenset("mwMWшщжюмыфШЩЖЮМЫФ@%…—")
SIGN = 2  # characters of a label that is a sign or a number, and stands beside something


def wrapped(row: Sequence[InlineKeyboardButton]) -> Iterator[Sequence[InlineKeyboardButton]]:
    """The row as it is, where all its words fit or it is an entry with a sign beside it; else as more rows."""
    labels = [one.text for one in row]
    if len(row) < 2 or min(map(len, labels)) <= SIGN or max(map(width, labels)) <= room(len(row)):  # noqa: PLR2004
        yield row
    else:
        half = -(-len(row) // 2)
        yield from wrapped(row[:half])
        yield from wrapped(row[half:])


@lru_cache(maxsize=4096)
def width(label: str) -> float:
    """Of one line, in points."""
    return sum(_units(sign) for sign in label) * SIZE / EM


def room(in_row: int) -> float:
    """For the words of each button, in points, where so many share a row."""
    return (SCREEN - BESIDE - GAP * (in_row - 1)) / in_row - PADDING


def _units(sign: str) -> int:
    category = unicodedata.category(sign)
    if category in {"Mn", "Me", "Cf"}:
        return 0
    if category in {"So", "Sk"} or unicodedata.east_asian_width(sign) in {"W", "F"}:
        return 2500
    if sign in NARROW:
        return 500
    if sign in SLIM:
        return 680
    if sign in WIDE:
        return 1600
    return 1320 if category == "Lu" else 1120

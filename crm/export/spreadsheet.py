"""CSV that a spreadsheet opens as it is meant, and that runs nothing in it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

BOM = "\ufeff"  # without it Excel takes UTF-8 for the code page of its country
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # as OWASP lists them, full width too
# Where a comma is the decimal sign, a spreadsheet splits at semicolons, and takes a quote inside for a mere sign.
INNER = re.compile(r"([;\t\r\n][ \"]*)(?='*[=+\-@\uff1d\uff0b\uff0d\uff20])")
_INNER_MARKED = re.compile(r"([;\t\r\n][ \"]*)'(?='*[=+\-@\uff1d\uff0b\uff0d\uff20])")


def lines(rows: Iterable[Sequence[Any]]) -> bytes:
    """Rows of cells as UTF-8 lines."""
    text = io.StringIO()
    csv.writer(text).writerows([cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8", "backslashreplace")


def cell(value: Any) -> str:
    """One value as the text of a cell; a text that a spreadsheet would run gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return INNER.sub(r"\1'", f"'{text}" if _could_run(text) else text)


def plain(written: str) -> str:
    """The text that `cell` has written so."""
    text = _INNER_MARKED.sub(r"\1", written)
    return text[1:] if text.startswith("'") and _could_run(text[1:]) else text


def _could_run(text: str) -> bool:
    """An apostrophe in front of it is the text's own: it gets another, so that `plain` takes away only ours."""
    return text.lstrip(" '").startswith(STARTS_A_FORMULA)

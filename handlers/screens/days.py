"""Days with the month in words, in the reader's language or in English, as numbers: "3 May 2026" is 3.5.2026."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from babel.dates import get_month_names

from handlers.language import SOURCE, current

WIDTHS: tuple[Literal["wide"], Literal["abbreviated"]] = ("wide", "abbreviated")
CONTEXTS: tuple[Literal["format"], Literal["stand-alone"]] = ("format", "stand-alone")  # "3 мая", and "май" alone


def in_numbers(text: str) -> str:
    """The text with every such day as numbers; all else stays."""
    months, days = _months(current().language)

    def numbers(found: re.Match[str]) -> str:
        month = months[(found["month"] or found["before"]).casefold()]
        return f"{found['day'] or found['after']}.{month}.{found['year'] or ''}"

    return days.sub(numbers, text)


@cache
def _months(language: str) -> tuple[dict[str, int], re.Pattern[str]]:
    """The names of the months, and what a day with one of them looks like, before or after it."""
    names = {
        name.casefold().rstrip("."): number
        for code in (SOURCE, language)
        for width in WIDTHS
        for context in CONTEXTS
        for number, name in get_month_names(width, context, code).items()
    }
    month = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    return names, re.compile(
        rf"(?:\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?\s*(?:de\s+)?(?P<month>{month})\b\.?"
        rf"|\b(?P<before>{month})\b\.?\s*(?P<after>\d{{1,2}})(?!\d)(?:st|nd|rd|th)?)"
        r"(?:,?\s+(?:de\s+)?(?P<year>\d{4})(?!\d))?",
        re.IGNORECASE,
    )

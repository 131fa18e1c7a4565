"""Filters in words: their names and values in the reader's language or in English, and what is said of unknown ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from itertools import islice

from crm import search
from crm.access import Desk
from crm.search.days import is_day
from crm.search.said import FIELD, Said, Trouble
from handlers.language import _, current
from handlers.screens import safe, shorten
from handlers.screens.days import in_numbers
from storage.fields import CustomField, Kind
from storage.search_text import folded

DAYS = ("before", "after", "on")
WORDS = 5  # of a day, at the most
VALUE = 32


def names() -> dict[str, str]:
    """Each filter as the reader writes it, without the colon."""
    written = {
        "from": _("from:"),
        "with": _("with:"),
        "tag": _("tag:"),
        "in": _("in:"),
        "stage": _("stage:"),
        "has": _("has:"),
        "is": _("is:"),
        "before": _("before:"),
        "after": _("after:"),
        "on": _("on:"),
    }
    return {name: words.rstrip(":") for name, words in written.items()}


def values() -> dict[str, dict[str, str]]:
    """The values that are ours, by filter, as the reader writes them."""
    day = {"today": _("on:today"), "yesterday": _("on:yesterday")}
    written = {
        "from": {"me": _("from:me")},
        "has": {
            "text": _("has:text"),
            "photo": _("has:photo"),
            "video": _("has:video"),
            "document": _("has:document"),
            "file": _("has:file"),
            "voice": _("has:voice"),
            "audio": _("has:audio"),
            "link": _("has:link"),
            "note": _("has:note"),
            "person": _("has:person"),
        },
        "is": {
            "waiting": _("is:waiting"),
            "mine": _("is:mine"),
            "free": _("is:free"),
            "resting": _("is:resting"),
            "open": _("is:open"),
            "closed": _("is:closed"),
        },
        FIELD: {"yes": "field:" + _("yes"), "no": "field:" + _("no")},
        **dict.fromkeys(DAYS, day),
    }
    return {name: {one: words.partition(":")[2] for one, words in ours.items()} for name, ours in written.items()}


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody wrote: words to look for, filters, and what looks like a filter and is none of ours: a word too."""

    words: str
    said: list[Said]
    strange: list[str]


async def read(desk: Desk, text: str) -> Line:
    """A line as the reader means it; the fields of the workspace are filters as well."""
    return split(text, await search.own_fields(desk), desk.installation.clock.now())


def split(text: str, own: Sequence[CustomField], now: datetime) -> Line:
    """The same for these fields, at this moment."""
    pattern, at = _pattern(tuple(field.name for field in own)), 0
    words: list[str] = []
    line = Line("", [], [])
    while found := pattern.search(text, at):
        words.append(text[at : found.start()])
        at = found.end()
        name, field = _meant(found["name"], own)
        if name in DAYS and not found["value"].startswith('"'):
            at = _end_of_day(text, found.start("value"), found.end(), now)
        if name is None:
            line.strange.append(found["name"])
            words.append(found[0])
            continue
        value = " ".join(text[found.start("value") : at].strip('"').split())
        said = Said(name, _in_english(name, field, value), bool(found["minus"]), field.name if field else "")
        line.said.append(said)
    return replace(line, words="".join([*words, text[at:]]))


@lru_cache
def _pattern(own: tuple[str, ...]) -> re.Pattern[str]:
    """A filter; names of fields may be of several words, with spaces, hyphens or underscores between them."""
    named = [r"[\s_-]+".join(map(re.escape, name.split())) for name in sorted(own, key=len, reverse=True)]
    names = "|".join(['"[^"]+"', *named, r"[^\W\d_]+"])
    value = r'"[^"]*"?|[<>=≤≥]+\s*[^\s"]+|[^\s"/]\S*|(?!\S)'
    return re.compile(rf"(?<!\S)(?P<minus>[-−])?(?P<name>{names}):(?P<value>{value})", re.IGNORECASE)


def _meant(typed_name: str, own: Sequence[CustomField]) -> tuple[str | None, CustomField | None]:
    """A filter of ours, unless the name stands in quotes, or else a field."""
    known = {name: name for name in names()} | {words.casefold(): name for name, words in names().items()}
    if typed_name.casefold() in known:
        return known[typed_name.casefold()], None
    wanted = folded(typed_name.replace("_", " "))
    field = next((one for one in own if folded(one.name.replace("_", " ")) == wanted), None)
    return (FIELD, field) if field else (None, None)


def _end_of_day(text: str, start: int, end: int, now: datetime) -> int:
    """Where a day of several words ends, such as 1 May; the end of the first word where they are none."""
    ends = [word.end() for word in islice(re.finditer(r"[^\s\":]+", text[start:]), WORDS)]
    here = current()
    for length in reversed(ends):
        day = in_numbers(text[start : start + length].strip())
        if '"' not in day and ":" not in day and is_day(day, now, here.zone, here.language):
            return start + length
    return end


def _in_english(name: str, field: CustomField | None, value: str) -> str:
    ours = values().get(name, {}) if field is None or field.kind == Kind.YES_NO else {}
    translated = {words.casefold(): one for one, words in ours.items()}
    value = translated.get(value.casefold(), value)
    if value.casefold() in ours:
        return value.casefold()
    return in_numbers(value) if name in DAYS or (field and field.kind == Kind.DATE) else value


def typed(name: str, value: str, field: str = "") -> str:
    """A filter as the reader would type it."""
    shown = values().get(name, {}).get(value, value)
    return f"{_quoted(field) if field else names()[name]}:{_quoted(shown)}"


def _quoted(words: str) -> str:
    return f'"{words}"' if " " in words else words


def explained(troubles: Sequence[Trouble], strange: Sequence[str]) -> str:
    """What was not understood, and what would be possible instead; empty where all was."""
    lines = [_trouble(one) for one in troubles]
    if strange:
        every = ", ".join(f"{words}:" for words in names().values())
        text = _("{filter} is no filter I know, so I look for it as a word. The filters are: {filters}")
        lines.append(text.format(filter=f"<b>{safe(shorten(strange[0], VALUE))}:</b>", filters=every))
    return "\n".join(f"ℹ️ {line}" for line in lines)


def _trouble(one: Trouble) -> str:
    said = f"<b>{safe(shorten(typed(one.said.name, one.said.value, one.said.field), VALUE))}</b>"
    possible = ", ".join(safe(shorten(typed(one.said.name, value, one.said.field), VALUE)) for value in one.possible)
    if one.taken:
        text = _("{filter} may mean several; I took {name}. The others: {possible}")
        return text.format(filter=said, name=f"<b>{safe(shorten(one.taken, VALUE))}</b>", possible=possible)
    if one.said.minus:
        return _("{filter}: only tags can be left out with a minus, so I left this filter aside.").format(filter=said)
    if not possible:
        return _("{filter}: there is nothing of this name, so I left this filter aside.").format(filter=said)
    text = _("{filter}: there is nothing of this name, so I left this filter aside. Possible: {possible}")
    return text.format(filter=said, possible=possible)

"""Filters in words: their names and values in the reader's language or in English, and what is said of unknown ones."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crm.search.said import Said, Trouble
from handlers.language import _
from handlers.screens import safe, shorten
from handlers.screens.days import in_numbers

_FILTER = re.compile(r'(?<!\S)(?P<minus>[-−])?(?P<name>[^\W\d_]+):(?P<value>"[^"]*"?|[^\s"/]\S*|(?!\S))')
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
        **dict.fromkeys(("before", "after", "on"), day),
    }
    return {name: {one: words.partition(":")[2] for one, words in ours.items()} for name, ours in written.items()}


def split(text: str) -> tuple[str, list[Said], list[str]]:
    """The words to look for, the filters, and what looks like a filter and is none of ours: that stays a word."""
    known = {name: name for name in names()} | {words.casefold(): name for name, words in names().items()}
    said: list[Said] = []
    strange: list[str] = []

    def take(found: re.Match[str]) -> str:
        name = known.get(found["name"].casefold())
        if name is None:
            strange.append(found["name"])
            return found[0]
        value = " ".join(found["value"].strip('"').split())
        said.append(Said(name, _in_english(name, value), minus=bool(found["minus"])))
        return ""

    return _FILTER.sub(take, text), said, strange


def _in_english(name: str, value: str) -> str:
    ours = values().get(name, {})
    translated = {words.casefold(): one for one, words in ours.items()}
    value = translated.get(value.casefold(), value)
    if value.casefold() in ours:
        return value.casefold()
    return in_numbers(value) if name in {"before", "after", "on"} else value


def typed(name: str, value: str) -> str:
    """A filter as the reader would type it."""
    shown = values().get(name, {}).get(value, value)
    return f'{names()[name]}:"{shown}"' if " " in shown else f"{names()[name]}:{shown}"


def explained(troubles: Sequence[Trouble], strange: Sequence[str]) -> str:
    """What was not understood, and what would be possible instead; empty where all was."""
    lines = [_trouble(one) for one in troubles]
    if strange:
        every = ", ".join(f"{words}:" for words in names().values())
        text = _("{filter} is no filter I know, so I look for it as a word. The filters are: {filters}")
        lines.append(text.format(filter=f"<b>{safe(shorten(strange[0], VALUE))}:</b>", filters=every))
    return "\n".join(f"ℹ️ {line}" for line in lines)


def _trouble(one: Trouble) -> str:
    said = f"<b>{safe(shorten(typed(one.said.name, one.said.value), VALUE))}</b>"
    possible = ", ".join(safe(shorten(typed(one.said.name, value), VALUE)) for value in one.possible)
    if one.taken:
        text = _("{filter} may mean several; I took {name}. The others: {possible}")
        return text.format(filter=said, name=f"<b>{safe(shorten(one.taken, VALUE))}</b>", possible=possible)
    if one.said.minus:
        return _("{filter}: only tags can be left out with a minus, so I left this filter aside.").format(filter=said)
    if not possible:
        return _("{filter}: there is nothing of this name, so I left this filter aside.").format(filter=said)
    text = _("{filter}: there is nothing of this name, so I left this filter aside. Possible: {possible}")
    return text.format(filter=said, possible=possible)

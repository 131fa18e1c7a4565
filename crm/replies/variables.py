"""What stands in braces in a saved reply, and what it becomes for one contact: {first_name}, {first_name|there}."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from crm.replies.words import Words, moved, units
from storage.accounts import Account
from storage.contacts import Contact


@dataclass(frozen=True, slots=True)
class Facts:
    """Whom a reply is for, and from whom; `today` is in words, as are `fields` by their names in small letters."""

    contact: Contact
    account: Account
    today: str
    fields: Mapping[str, str] = field(default_factory=dict)


def _name(*parts: str | None, of: Contact) -> str | None:
    """None where it is hidden from who writes who that is: no client is called by a code."""
    return None if of.hidden else " ".join(filter(None, parts))


Fact = Callable[[Facts, str], str | None]  # the second is what stands behind a colon
VARIABLES: Mapping[str, Fact] = MappingProxyType({
    "first_name": lambda facts, _: _name(facts.contact.first_name, of=facts.contact),
    "last_name": lambda facts, _: _name(facts.contact.last_name, of=facts.contact),
    "name": lambda facts, _: _name(facts.contact.first_name, facts.contact.last_name, of=facts.contact),
    "username": lambda facts, _: f"@{facts.contact.username}" if facts.contact.username else None,
    "phone": lambda facts, _: facts.contact.phone,
    "account": lambda facts, _: facts.account.first_name,
    "today": lambda facts, _: facts.today,
    "field": lambda facts, name: facts.fields.get(name.strip().casefold()),
})  # fmt: skip
_BRACES = re.compile(r"\{(?P<kind>\w+)(?::(?P<of>[^{}|]+))?(?:\|(?P<fallback>[^{}]*))?\}")


@dataclass(frozen=True, slots=True)
class Filled:
    """The words for one contact; `lacking` are the variables that nothing is known for, and no fallback was given."""

    words: Words
    lacking: list[str]


def used(text: str) -> list[str]:
    """The variables of a text, as they are written; what else stands in braces is words."""
    return [found[0] for found in _BRACES.finditer(text) if found["kind"] in VARIABLES]


def fill(words: Words, facts: Facts | None) -> Filled:
    """Put in what is known (of None: nothing), else the fallback, else nothing; the formatting keeps to its words."""
    pieces: list[str] = []
    shifts: list[tuple[int, int, int]] = []  # of each variable: where it begins and ends in units, and its new length
    lacking, done = [], 0
    for found in _BRACES.finditer(words.text):
        variable = VARIABLES.get(found["kind"])
        if variable is None:
            continue
        known = variable(facts, found["of"] or "") if facts is not None else None
        value = (known or "").strip() or found["fallback"]
        if value is None:
            lacking.append(found[0])
        start = units(words.text[: found.start()])
        shifts.append((start, start + units(found[0]), units(value or "")))
        pieces += [words.text[done : found.start()], value or ""]
        done = found.end()
    text = "".join([*pieces, words.text[done:]])
    entities = []
    for one in words.entities:
        start, end = (_place(edge, shifts) for edge in (one["offset"], one["offset"] + one["length"]))
        entities.append({**one, "offset": start, "length": end - start})
    return Filled(Words(text, moved(entities, 0, within=units(text))), lacking)


def _place(edge: int, shifts: list[tuple[int, int, int]]) -> int:
    """Where an offset lies after the variables before it have changed their length."""
    by = 0
    for start, end, length in shifts:
        if edge >= end:
            by += length - (end - start)
        elif edge > start:
            return start + by + length
    return edge + by

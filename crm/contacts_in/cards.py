"""vCards as phones and address books write them (2.1, RFC 2426, RFC 6350), each for itself: a broken one is alone."""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterator, Sequence

from crm.contacts_in.columns import FIRST, LANGUAGE, LAST, NAME, NOTE, NUMBER, PHONE, TAGS, USERNAME

COLUMNS = (NUMBER, NAME, FIRST, LAST, USERNAME, PHONE, LANGUAGE, TAGS, NOTE)
LINES = 2_000  # of one card, pictures included
_BEGIN = re.compile(r"\s*BEGIN\s*:\s*VCARD\s*", re.IGNORECASE)
_END = re.compile(r"\s*END\s*:\s*VCARD\s*", re.IGNORECASE)
_MARKED = re.compile(r"\\(.)", re.DOTALL)
_PROFILE = re.compile(r"(?:https?://)?(?:t|telegram)\.me/@?(\w+)|tg:(?://resolve\?domain=|@)?(\w+)", re.IGNORECASE)
_SIMPLE = {"FN": NAME, "NOTE": NOTE, "LANG": LANGUAGE, "X-TELEGRAM-ID": NUMBER}
_ADDRESSES = {"URL", "IMPP", "X-SOCIALPROFILE", "SOCIALPROFILE", "X-TELEGRAM"}


def begins(text: str) -> bool:
    """Whether these are cards."""
    return _BEGIN.match(text.lstrip("\ufeff")) is not None


def read(text: str) -> Iterator[tuple[int, Sequence[str] | None]]:
    """Each card with the line where it begins: its cells in the order of COLUMNS, or None where it cannot be read."""
    begun = 0
    lines: list[str] = []
    for number, line in enumerate(text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        if _BEGIN.fullmatch(line):
            if begun:
                yield begun, None  # the one before has no end
            begun, lines = number, []
        elif begun and _END.fullmatch(line):
            yield begun, _cells(lines)
            begun, lines = 0, []
        elif begun:
            lines.append(line)
    if begun:
        yield begun, None


def _cells(lines: Sequence[str]) -> Sequence[str] | None:
    if len(lines) > LINES:
        return None
    found: dict[str, str] = {}
    try:
        for line in _unfolded(lines):
            _take(line, found)
    except (ValueError, LookupError, binascii.Error):
        return None
    if found.get(FIRST) or found.get(LAST):
        found.pop(NAME, None)
    return [found.get(name, "") for name in COLUMNS] if found else None


def _unfolded(lines: Sequence[str]) -> Iterator[str]:
    whole = ""
    for line in lines:
        if line[:1] in {" ", "\t"} and whole:
            whole += line[1:]
        elif whole.endswith("=") and "QUOTED-PRINTABLE" in whole.partition(":")[0].upper():
            whole = f"{whole[:-1]}{line.lstrip()}"
        else:
            if whole.strip():
                yield whole
            whole = line
    if whole.strip():
        yield whole


def _take(line: str, found: dict[str, str]) -> None:
    """One line of a card. Raises ValueError where it is none, LookupError where its encoding has no such name."""
    head, colon, raw = line.partition(":")
    if not colon:
        raise ValueError(line)
    name, *parameters = head.upper().split(";")
    name = name.rpartition(".")[2].strip()  # item1.TEL
    value = _decoded(raw, parameters)
    match name:
        case "N":
            last, first, middle, *_more = [_meant(part) for part in [*_parts(value, ";"), "", "", ""]]
            found[LAST], found[FIRST] = last, " ".join(part for part in (first, middle) if part)
        case "CATEGORIES":
            found[TAGS] = "\n".join(_meant(part) for part in _parts(value, ","))
        case "TEL":
            phone = _meant(value).removeprefix("tel:").partition(";")[0]
            found[PHONE] = "\n".join(one for one in (found.get(PHONE), phone) if one)
        case _ if name in _SIMPLE:
            found.setdefault(_SIMPLE[name], _meant(value))
        case _ if name in _ADDRESSES:
            if profile := _PROFILE.search(_meant(value)):
                found.setdefault(USERNAME, profile[1] or profile[2])


def _decoded(raw: str, parameters: Sequence[str]) -> str:
    """What 2.1 writes as =D0=90, as text."""
    if not any("QUOTED-PRINTABLE" in one for one in parameters):
        return raw
    named = next((one.partition("=")[2].strip('" ') for one in parameters if one.startswith("CHARSET=")), "utf-8")
    return quopri.decodestring(raw.encode("utf-8", "replace")).decode(named, "replace")


def _parts(value: str, mark: str) -> list[str]:
    """The parts of a value between marks that no backslash hides."""
    parts, begun, at = [], 0, 0
    while at < len(value):
        if value[at] == "\\":
            at += 1
        elif value[at] == mark:
            parts.append(value[begun:at])
            begun = at + 1
        at += 1
    return [*parts, value[begun:]]


def _meant(text: str) -> str:
    return _MARKED.sub(lambda found: "\n" if found[1] in "nN" else found[1], text).strip()

r"""Reads a conversation file: who the client or group is, in TOML, and after a `---` what was written, a line each.

    -41d 10:02 < Hi, do you mend zips?     41 days ago; `<` the client writes, `>` the owner
    > [photo zip.jpg] Like this one?        soon after the one before, with a file of media/ and a caption
      and a second line                     two spaces go on with the text
    14:30 <^2 yes!                          later that day, in reply to the message two before (`^`: the one before)
    ~ yes!!                                 the message before was edited to this
    x                                       the message before was deleted
    +3h > …                                 after the one before; `-95m <`: so long before now
    <grace Hello                            in a group, who writes is named by his own file
Attachments: photo, album (several photos), voice, document; contact NAME PHONE; location LAT LON; call SECONDS (0:
missed); text FILE (the words are in the file).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

_LINE = re.compile(
    r"(?:(?P<when>-\d+d \d\d:\d\d|\d\d:\d\d|[+-]\d+[mh]) )?"
    r"(?P<who>[<>~]|x$)(?P<writer>[a-z_]+)?(?P<up>\^\d*)?(?: (?P<text>.*))?",
    re.DOTALL,
)
_ATTACHED = re.compile(r"\[(photo|album|voice|document|contact|location|call|text) ([^\]]+)\] ?", re.DOTALL)
_UNITS = {"m": "minutes", "h": "hours"}


@dataclass(frozen=True, slots=True)
class Line:
    """One message as the script has it: `reply_to` and edits refer to places in the same conversation."""

    at: datetime
    from_client: bool
    text: str
    attached: str | None = None  # photo, album, …
    what: tuple[str, ...] = ()  # its words: file names, a phone
    reply_to: int | None = None
    edits: tuple[tuple[str, datetime], ...] = ()
    deleted: bool = False
    writer: str | None = None  # who wrote it, in a group


@dataclass(frozen=True, slots=True)
class Script:
    """One client, or a group by its title and members, and what was written there."""

    key: str
    client: dict[str, Any]
    lines: list[Line] = field(default_factory=list)


def read(path: Path, now: datetime) -> Script:
    """Read one file. Raises ValueError, with file and line, where it does not follow the form."""
    head, _, body = path.read_text(encoding="utf-8").partition("\n---\n")
    script = Script(path.stem, tomllib.loads(head))
    at = now
    for written in _logical_lines(body):
        found = _LINE.fullmatch(written)
        if found is None:
            raise ValueError(f"{path.name}: not a message: {written!r}")
        at = _moment(found["when"], at, now, soon=20 + len(written) % 100)
        _add(script.lines, found, at)
    return script


def _logical_lines(body: str) -> Iterator[str]:
    joined: list[str] = []
    for raw in body.splitlines():
        if raw.startswith("  ") and joined:
            joined[-1] += "\n" + raw[2:]
        elif raw:
            joined.append(raw)
    yield from joined


def _moment(when: str | None, before: datetime, now: datetime, *, soon: int) -> datetime:
    """When a line was written; without a time, `soon` seconds after the one before."""
    if when is None:
        return before + timedelta(seconds=soon)
    if when[-1] in _UNITS:
        step = timedelta(**{_UNITS[when[-1]]: int(when[1:-1])})
        return now - step if when[0] == "-" else before + step
    day = (now - timedelta(days=int(when[1 : when.index("d")]))) if when[0] == "-" else before
    return datetime.combine(day.date(), time.fromisoformat(when[-5:]), now.tzinfo)


def _add(lines: list[Line], found: re.Match[str], at: datetime) -> None:
    text = found["text"] or ""
    if found["who"] == "~":
        lines[-1] = replace(lines[-1], edits=(*lines[-1].edits, (text, at)))
    elif found["who"] == "x":
        lines[-1] = replace(lines[-1], deleted=True)
    else:
        attached = _ATTACHED.match(text)
        reply_to = len(lines) - int(found["up"][1:] or 1) if found["up"] else None
        lines.append(
            Line(
                at,
                found["who"] == "<",
                text[attached.end() :] if attached else text,
                attached[1] if attached else None,
                tuple(attached[2].split(" ")) if attached else (),
                reply_to,
                writer=found["writer"],
            )
        )

"""Filters in words: from:anna -tag:vip after:2025 is what the buttons of a search say, and ends in the same row."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from crm.access import Desk
from crm.errors import Invalid
from crm.fields import Notation
from crm.search import days
from crm.search.kinds import Kind, Writer
from crm.search.levels import Level, Levels, Place
from crm.search.wanted import ANYTHING, wanted
from crm.spans import Span
from storage import fields, search, stages
from storage.accounts import Account
from storage.contacts import Contact, name_key
from storage.queues import Queue
from storage.search_within import Within
from storage.tags import Tag

OFFERED = 8  # values that are named where one was not understood
HAS = {
    "text": Kind.TEXT,
    "photo": Kind.PHOTO,
    "video": Kind.PHOTO,
    "document": Kind.DOCUMENT,
    "file": Kind.DOCUMENT,
    "voice": Kind.VOICE,
    "audio": Kind.VOICE,
    "link": Kind.LINK,
    "note": Kind.NOTE,
    "person": Kind.PERSON,
}
IS = {
    "waiting": Queue.WAITING,
    "mine": Queue.MINE,
    "free": Queue.FREE,
    "resting": Queue.ASLEEP,
    "open": Queue.ALL,
    "closed": Queue.CLOSED,
}
DAYS = ("today", "yesterday")
FIELD = "field"
MAY_BE_LEFT_OUT = {"tag", FIELD}  # with a minus
ME = "me"  # the value of from: for what we wrote


@dataclass(frozen=True, slots=True)
class Said:
    """One filter as it was typed; its name, and a value that is one of ours, in English."""

    name: str
    value: str
    minus: bool = False
    field: str = ""  # of FIELD: the name of a field of the workspace's own


@dataclass(frozen=True, slots=True)
class Trouble:
    """What was not understood, or may mean several: `possible` are values, `taken` is the one that was taken."""

    said: Said
    possible: Sequence[str] = ()
    taken: str = ""


@dataclass(slots=True)
class Understood:
    """What was understood so far: columns of a search with their new values."""

    desk: Desk
    session: AsyncSession
    notation: Notation
    filters: dict[str, Any] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)

    def wrong(self, said: Said, possible: Collection[str]) -> None:
        """Note that a value means nothing here."""
        self.troubles.append(Trouble(said, list(possible)[:OFFERED]))


async def understand(desk: Desk, session: AsyncSession, asked: Sequence[Said], notation: Notation) -> Understood:
    """Each filter as columns of a search; one that means nothing is left out and noted."""
    here = Understood(desk, session, notation)
    for said in asked:
        if said.minus and said.name not in MAY_BE_LEFT_OUT:
            here.wrong(said, [])
        else:
            await FILTERS[said.name](here, said)
    return here


async def _contact(here: Understood, said: Said) -> None:
    """Of several whom a name may mean, the one who bears it exactly, or else was heard of last."""
    levels = Levels(here.desk, here.session, said.value)
    page = await levels.page(Within(), [search.CONTACT], Place(), OFFERED)
    rows = [await here.session.get(Contact, hit.id) for level, hit in page.hits if level is Level.TYPED]
    found = [row for row in rows if row is not None]
    if not found:
        near = [await here.session.get(Contact, hit.id) for _, hit in page.hits]
        here.wrong(said, [row.name for row in near if row])
        return
    wanted = name_key(said.value)
    exact = [one for one in found if wanted in {name_key(one.name), name_key(one.username or "")}]
    taken = (exact or found)[0]
    if len(found) > 1 and len(exact) != 1:
        here.troubles.append(Trouble(said, [one.name for one in found if one is not taken], taken.name))
    here.filters["contact_id"] = taken.id


async def _from(here: Understood, said: Said) -> None:
    if said.value == ME:
        here.filters["writer"] = Writer.US
        return
    await _contact(here, said)
    if "contact_id" in here.filters:
        here.filters["writer"] = Writer.CONTACT


async def _tag(here: Understood, said: Said) -> None:
    tags = (await here.session.exec(select(Tag).order_by(col(Tag.name_key)))).all()
    one = _named(tags, said.value)
    if one is None:
        here.wrong(said, [tag.name for tag in tags])
        return
    column = "without_tags" if said.minus else "tags"
    here.filters[column] = [*here.filters.get(column, []), one.id]


async def _in(here: Understood, said: Said) -> None:
    """A group, or an account."""
    accounts = {account.id: account.name for account in await here.session.exec(select(Account))}
    groups = {
        group.id: group.name for group in await here.session.exec(select(Contact).where(col(Contact.telegram_id) < 0))
    }
    for column, names in (("account_id", accounts), ("contact_id", groups)):
        fitting = [number for number, name in names.items() if name_key(said.value) in name_key(name)]
        if fitting and said.value:
            here.filters[column] = fitting[0]
            return
    here.wrong(said, [*accounts.values(), *groups.values()])


async def _stage(here: Understood, said: Said) -> None:
    pipeline = await stages.in_order(here.session)
    one = _named(pipeline, said.value)
    if one is None:
        here.wrong(said, [stage.name for stage in pipeline])
    else:
        here.filters["stage_id"] = one.id


async def _field(here: Understood, said: Said) -> None:
    """A field of the workspace's own, by its name."""
    own = _named(await fields.in_order(here.session), said.field)
    if own is None:
        here.wrong(said, [])
        return
    try:
        one = wanted(here.desk, own, said.value, here.notation)
    except Invalid:
        here.wrong(said, [*own.choices, *(("yes", "no") if own.kind == fields.Kind.YES_NO else ()), ANYTHING])
        return
    here.filters["fields"] = [*here.filters.get("fields", []), asdict(replace(one, without=said.minus))]


async def _has(here: Understood, said: Said) -> None:
    if said.value in HAS:
        here.filters["kind"] = HAS[said.value]
    else:
        here.wrong(said, HAS)


async def _is(here: Understood, said: Said) -> None:
    if said.value in IS:
        here.filters["queue"] = IS[said.value]
    else:
        here.wrong(said, IS)


async def _days(here: Understood, said: Said) -> None:
    """A day, or a year; `before` does not include it, `after` does."""
    desk = here.desk
    now, zone = desk.installation.clock.now(), desk.workspace.zone
    try:
        since, until = days.bounds(said.value, now, zone, desk.person.language or "")
    except Invalid:
        here.wrong(said, [*DAYS, "2026-05-31", "31.5.", "2025"])
        return
    chosen = {"before": {"until": since}, "after": {"since": since}, "on": {"since": since, "until": until}}[said.name]
    here.filters |= {"span": Span.TYPED, "since": None, "until": None} | {
        key: here.filters[key] for key in ("since", "until") if here.filters.get(key)
    }
    here.filters |= chosen


def _named(rows: Sequence[Any], value: str) -> Any:
    """The one with this name, or the only one whose name begins so."""
    wanted = name_key(value)
    exact = [row for row in rows if name_key(row.name) == wanted]
    beginning = [row for row in rows if wanted and name_key(row.name).startswith(wanted)]
    return exact[0] if exact else beginning[0] if len(beginning) == 1 else None


FILTERS: dict[str, Callable[[Understood, Said], Awaitable[None]]] = {  # a new one is added here and given its name
    "from": _from,
    "with": _contact,
    "tag": _tag,
    "in": _in,
    "stage": _stage,
    FIELD: _field,
    "has": _has,
    "is": _is,
    "before": _days,
    "after": _days,
    "on": _days,
}

"""Finding messages, notes and people: words and filters, newest first, page after page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from crm import spans
from crm.access import Desk, Power, account_for, contact_for, conversation_for, stage_for, tag_for
from crm.errors import NotFound
from crm.fields import Notation
from crm.search.kinds import CARRIED, WHERE, WORDLESS, Kind, Writer
from crm.search.levels import Levels, Place
from crm.search.said import Said, Trouble, understand
from crm.search.shown import Found, shown
from crm.spans import Span
from storage import contacts, fields, messages, search, searches, stages
from storage.accounts import Account
from storage.contacts import Contact
from storage.fields import CustomField, Wanted
from storage.messages import Message
from storage.queues import Queue
from storage.search_text import Phrase
from storage.search_within import Within
from storage.searches import Search
from storage.stages import Stage
from storage.tags import Tag

PAGE = 10
MOMENT = timedelta(microseconds=1)  # what lies between a span and its end, which is not included
LONGEST = 200  # characters of a question
GLANCE = 20  # hits that are offered in another chat
PEOPLE = 8  # that are offered as a filter


ANYWHERE: dict[str, Any] = dict.fromkeys(("contact_id", "account_id", "stage_id", "since", "until")) | {
    "kind": Kind.ALL,
    "writer": Writer.ANYBODY,
    "tags": [],
    "without_tags": [],
    "fields": [],
    "queue": "",
    "span": Span.ALL,
}
WHEREVER: dict[str, Any] = {
    "contact_id": None,
    "account_id": None,
    "stage_id": None,
    "queue": None,
    "tag_ids": (),
    "without_tag_ids": (),
    "fields": (),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the numbers of a search stand for."""

    contact: Contact | None
    account: Account | None
    tags: Sequence[Tag]
    without_tags: Sequence[Tag]
    stage: Stage | None
    fields: Sequence[tuple[CustomField, Wanted]]
    writer: int | None = None  # the Telegram id of the contact, where it is his words that are meant


@dataclass(frozen=True, slots=True)
class Results:
    """A page of what was found; `marks` are the words that were, `onward` is from where the next page goes on."""

    search: Search
    filters: Filters
    found: Sequence[Found]
    marks: Sequence[Phrase]
    onward: Place | None


async def begin(desk: Desk, words: str, *, contact_id: int = 0, people: bool = False, **filters: Any) -> int:
    """Start a search, with one contact or among people alone, or with any filters. Returns its id. Raises NotFound."""
    desk.need(Power.READ)
    async with desk.transaction() as session:
        if contact_id:
            await contact_for(desk, session, contact_id)
        row = Search(
            person_id=desk.person.id,
            words=_proper(words),
            kind=Kind.PERSON if people else Kind.ALL,
            contact_id=contact_id or None,
            made_at=desk.installation.clock.now(),
        )
        await searches.add(session, row.sqlmodel_update(filters))
        return row.id or 0


async def change(desk: Desk, search_id: int, **filters: Any) -> None:
    """Set filters of one's own search: words and whatever is in ANYWHERE. Raises NotFound."""
    async with desk.transaction() as session:
        row = await own(desk, session, search_id)
        if filters.get("contact_id"):
            await contact_for(desk, session, filters["contact_id"])
        if filters.get("account_id"):
            await account_for(desk, session, filters["account_id"])
        if filters.get("stage_id"):
            await stage_for(desk, session, filters["stage_id"])
        for tag_id in (*filters.get("tags", ()), *filters.get("without_tags", ())):
            await tag_for(desk, session, tag_id)
        if "words" in filters:
            filters["words"] = _proper(filters["words"])
        if "contact_id" in filters and row.writer == Writer.CONTACT:
            filters.setdefault("writer", Writer.ANYBODY)
        session.add(row.sqlmodel_update(filters))


async def say(desk: Desk, search_id: int, said: Sequence[Said], notation: Notation) -> Sequence[Trouble]:
    """Set filters that were typed. Returns what was not understood, or not for certain. Raises NotFound."""
    async with desk.reading() as session:
        await own(desk, session, search_id)
        understood = await understand(desk, session, said, notation)
    if understood.filters:
        await change(desk, search_id, **understood.filters)
    return understood.troubles


async def anywhere(desk: Desk, search_id: int) -> None:
    """Drop every filter. Raises NotFound."""
    await change(desk, search_id, **ANYWHERE)


async def between(desk: Desk, search_id: int, text: str) -> None:
    """Narrow to typed days. Raises Invalid("dates"), NotFound."""
    since, until = spans.typed(text, desk.installation.clock.now(), desk.workspace.zone)
    await change(desk, search_id, span=Span.TYPED, since=since, until=until)


async def results(desk: Desk, search_id: int, start: Place = Place()) -> Results:  # noqa: B008  it is frozen
    """One page, in a number of queries that does not grow with the hits. Raises NotFound for a search that is gone."""
    async with desk.reading() as session:
        row = await own(desk, session, search_id)
        filters = await _filters(session, row)
        page = await Levels(desk, session, row.words).page(_within(desk, row, filters), _kinds(row), start, PAGE)
        return Results(row, filters, await shown(session, page.hits), page.marks, page.onward)


async def glance(desk: Desk, words: str, said: Sequence[Said], notation: Notation) -> Sequence[Found]:
    """The first page of a search that is not kept; nothing where nothing is asked for."""
    desk.need(Power.READ)
    if not (words.strip() or said):
        return []
    async with desk.reading() as session:
        understood = await understand(desk, session, said, notation)
        row = Search(person_id=desk.person.id, words=_proper(words), made_at=desk.installation.clock.now())
        row.sqlmodel_update(understood.filters)
        levels = Levels(desk, session, row.words)
        page = await levels.page(_within(desk, row, await _filters(session, row)), _kinds(row), Place(), GLANCE)
        return await shown(session, page.hits)


async def beside(desk: Desk, search_id: int, conversation_id: int, message_id: int) -> tuple[int | None, int | None]:
    """The message ids of the next older and newer hit in a conversation (None: there is none).

    Raises NotFound for a search or a message that is gone.
    """
    async with desk.reading() as session:
        row = await own(desk, session, search_id)
        await conversation_for(desk, session, conversation_id)
        here = (await messages.numbered(session, conversation_id, [message_id])).get(message_id)
        if here is None:
            raise NotFound("message")
        within = replace(_within(desk, row, await _filters(session, row)), **WHEREVER, conversation_id=conversation_id)
        sides = await Levels(desk, session, row.words).beside(within, search.place(here.sent_at, here.id or 0))
        hits = [await session.get(Message, hit.id) if hit else None for hit in sides]
        older, newer = (hit.message_id if hit else None for hit in hits)
        return older, newer


@dataclass(frozen=True, slots=True)
class Choices:
    """A search, and of what its filters can be chosen."""

    search: Search
    accounts: Sequence[Account]
    stages: Sequence[Stage]
    fields: Sequence[CustomField]


async def choices(desk: Desk, search_id: int) -> Choices:
    """Raises NotFound for a search that is gone."""
    async with desk.reading() as session:
        row = await own(desk, session, search_id)
        accounts = (await session.exec(select(Account).order_by(col(Account.id)))).all()
        return Choices(row, accounts, await stages.in_order(session), await fields.in_order(session))


async def own_fields(desk: Desk) -> Sequence[CustomField]:
    """The fields of the workspace's own: each is a filter by its name."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        return await fields.in_order(session)


async def people(desk: Desk, search_id: int) -> Sequence[Contact]:
    """Whom the newest hits are about, each once."""
    async with desk.reading() as session:
        row = await own(desk, session, search_id)
        session.expunge(row)
        row.contact_id, row.writer = None, Writer.ANYBODY
        levels = Levels(desk, session, row.words)
        page = await levels.page(_within(desk, row, await _filters(session, row)), _kinds(row), Place(), 5 * PAGE)
        found = {one.contact.id: one.contact for one in await shown(session, page.hits)}
        return list(found.values())[:PEOPLE]


def _proper(words: str) -> str:
    return " ".join(words.split())[:LONGEST]


def _kinds(row: Search) -> Sequence[str]:
    return (WHERE if row.words else WORDLESS).get(Kind(row.kind), (search.MESSAGE,))


async def own(desk: Desk, session: AsyncSession, search_id: int) -> Search:
    """A member's own search. Raises NotFound."""
    row = await running(desk, session, search_id)
    if row.kind == searches.FILTER:
        raise NotFound("search")
    return row


async def running(desk: Desk, session: AsyncSession, search_id: int) -> Search:
    """A member's own search or filter that is not kept under a name. Raises NotFound."""
    desk.need(Power.READ)
    row = await session.get(Search, search_id)
    if row is None or row.person_id != desk.person.id or row.name is not None:
        raise NotFound("search")
    return row


async def _tags(session: AsyncSession, ids: Sequence[int]) -> Sequence[Tag]:
    if not ids:
        return ()
    return (await session.exec(select(Tag).where(col(Tag.id).in_(ids)).order_by(col(Tag.name_key)))).all()


async def _wanted(session: AsyncSession, row: Search) -> Sequence[tuple[CustomField, Wanted]]:
    """What is wanted of fields; of one that is gone meanwhile nothing."""
    if not row.fields:
        return ()
    known = {field.id: field for field in await fields.in_order(session)}
    given = (Wanted(**facts) for facts in row.fields)
    return [(known[one.field_id], one) for one in given if one.field_id in known]


async def _filters(session: AsyncSession, row: Search) -> Filters:
    return Filters(
        await session.get(Contact, row.contact_id) if row.contact_id else None,
        await session.get(Account, row.account_id) if row.account_id else None,
        await _tags(session, row.tags),
        await _tags(session, row.without_tags),
        await session.get(Stage, row.stage_id) if row.stage_id else None,
        await _wanted(session, row),
        await contacts.number_at_telegram(session, row.contact_id or 0) if row.writer == Writer.CONTACT else None,
    )


def _within(desk: Desk, row: Search, filters: Filters) -> Within:
    since, until = row.since, row.until
    if row.span != Span.TYPED:
        since, until = spans.last_days(Span(row.span), desk.installation.clock.now(), desk.workspace.zone)
    writer = filters.writer or None
    return Within(
        contact_id=None if writer else row.contact_id,  # he writes in groups as well
        account_id=row.account_id,
        tag_ids=[tag.id or 0 for tag in filters.tags],
        without_tag_ids=[tag.id or 0 for tag in filters.without_tags],
        stage_id=row.stage_id,
        fields=[one for _, one in filters.fields],
        queue=Queue(row.queue) if row.queue else None,
        person_id=desk.person.id,
        writer=writer,
        ours=row.writer == Writer.US,
        since=since,
        until=until,
        message_kinds=CARRIED.get(Kind(row.kind), ()),
    )

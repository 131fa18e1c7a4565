"""World and vault laid side by side, message by message and field by field: what one account's vault has wrong."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from crm.seen import VANISHES
from sandbox.world import Group as Circle
from sandbox.world import Message as Said
from sandbox.world import World
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.media import Media
from storage.messages import BEFORE, COMMON, Message, Version, box_of

Place = tuple[int, int]  # of a message in an account: its box, and its number there


@dataclass(frozen=True, slots=True)
class Facts:
    """One message as its reader could tell of it."""

    peer_id: int
    sender_id: int
    text: str
    entities: list[dict[str, Any]]
    kind: str
    sent_at: datetime
    edited_at: datetime | None
    reply_to_id: int | None
    album_id: str | None
    file_size: int | None
    deleted: bool
    quote: str | None
    origin: str | None
    protected: bool
    vanishes: bool
    reactions: list[tuple[str, int, list[int]]]


def said_in_the_world(world: World, account_id: int, groups: Collection[int] = ()) -> dict[Place, Said]:
    """All that was ever said in the account's private chats with people and in these groups of it, by its place.

    What was said in a group before it moved on stands with what was said after: see `crm.moved`.
    """
    found = {
        (COMMON, number): said
        for number, said in world.account(account_id).messages.items()
        if (peer_id := said.chat.peer_of(account_id)) != account_id and peer_id > 0 and not world.person(peer_id).is_bot
    }
    for circle in map(world.group, groups):
        home, book = _home(circle), circle.book_of(account_id)
        for said in world.account(book).box(circle).messages:
            found[box_of(home), said.ids[book] + _moved_by(circle)] = said
    return found


def said_at(world: World, account_id: int, place: Place) -> Said | None:
    """What was said at a place of the account, whether the group has moved on or not."""
    box, number = place
    book = account_id if box == COMMON or number < 0 else box
    return world.account(book).messages.get(number - BEFORE if number < 0 else number)


def in_the_world(world: World, account_id: int, groups: Collection[int] = ()) -> dict[Place, Facts]:
    """The same, as facts."""
    everything = said_in_the_world(world, account_id, groups)
    return {place: _said(world, account_id, said) for place, said in everything.items()}


async def in_the_vault(session: AsyncSession, account_id: int) -> dict[Place, Facts]:
    """All that the account's vault holds, in whichever chat, by its place."""
    rows = select(Message, Media).outerjoin(Media, col(Media.message) == col(Message.id))
    found = await session.exec(rows.where(col(Message.account_id) == account_id))
    return {(box_of(message.peer_id), message.message_id): _stored(message, media) for message, media in found}


def read_in_the_world(world: World, account_id: int) -> dict[int, tuple[int, int]]:
    """How far each chat with a person was read, by the account and by the other side."""
    boxes = world.account(account_id).boxes.values()
    people = [box for box in boxes if box.peer_id > 0 and box.messages and not world.person(box.peer_id).is_bot]
    return {box.peer_id: (box.read_inbox, box.read_outbox) for box in people if box.peer_id != account_id}


async def read_in_the_vault(session: AsyncSession, account_id: int) -> dict[int, tuple[int, int]]:
    """The same, as the vault has it."""
    marks = select(Contact.telegram_id, Conversation.read_inbox_id, Conversation.read_outbox_id)
    marks = marks.join(Conversation, col(Conversation.contact_id) == col(Contact.id))
    found = await session.exec(marks.where(col(Conversation.account_id) == account_id, col(Contact.telegram_id) > 0))
    return {peer_id: (inbox or 0, outbox or 0) for peer_id, inbox, outbox in found}


async def earlier_texts(session: AsyncSession, account_id: int) -> dict[Place, set[str]]:
    """What each message had said before, as far as it was seen."""
    rows = select(Message.peer_id, Message.message_id, Version.text)
    rows = rows.join(Version, col(Version.message) == col(Message.id)).where(col(Message.account_id) == account_id)
    texts: dict[Place, set[str]] = {}
    for peer_id, number, text in await session.exec(rows):
        texts.setdefault((box_of(peer_id), number), set()).add(text)
    return texts


@dataclass(frozen=True, slots=True)
class Difference:
    """What the vault has wrong of one message: a field of `Facts`, or the whole of it."""

    place: Place
    what: str
    there: Any = None
    here: Any = None

    def __str__(self) -> str:
        return f"{self.place}.{self.what}: {self.there!r} is {self.here!r}"


def differences(there: dict[Place, Facts], here: dict[Place, Facts]) -> list[Difference]:
    """Where the vault is not the world. Only a message that was deleted before anybody saw it may be missing."""
    wrong = [Difference(place, "message", None, here[place]) for place in here.keys() - there.keys()]
    for place, said in there.items():
        kept = here.get(place)
        if kept is None:
            wrong += [] if said.deleted else [Difference(place, "message", said)]
        else:
            compared = ["deleted"] if said.deleted else [one.name for one in fields(Facts)]  # it stays as last seen
            wrong += [
                Difference(place, name, getattr(said, name), getattr(kept, name))
                for name in compared
                if getattr(said, name) != getattr(kept, name)
            ]
    return wrong


def _said(world: World, account_id: int, said: Said) -> Facts:
    original, book = world.messages.get(said.reply_to or 0), said.chat.book_of(account_id)
    answered = original.ids.get(book) if original else None
    parts = ("type", "offset", "length", "url", "user_id", "language")
    circle = said.chat if isinstance(said.chat, Circle) else None
    title = said.service.get("title", "") if circle and said.service else ""
    return Facts(
        peer_id=_home(circle) if circle else said.chat.peer_of(account_id),
        sender_id=said.sender_id,
        text="" if said.ttl else said.text or title,
        entities=[
            {name: value for name in parts if (value := getattr(entity, name)) is not None}
            for entity in (() if said.ttl else said.entities)
        ],
        kind=said.file.kind if said.file else (said.service or {"type": "text"})["type"],
        sent_at=said.date,
        edited_at=None if said.ttl else said.edited_at,
        reply_to_id=answered + _moved_by(circle) if answered and circle else answered,
        album_id=str(said.album_id) if said.album_id else None,
        file_size=len(said.file.data) if said.file and not said.ttl else None,
        deleted=said.deleted,
        quote=said.quote.text if said.quote else None,
        origin=said.origin.name if said.origin else None,
        protected=said.protected,
        vanishes=said.ttl is not None,
        reactions=_put(said),
    )


def _home(circle: Circle) -> int:
    """Under which id a group's messages are kept."""
    return circle.migrated_to or circle.id


def _moved_by(circle: Circle) -> int:
    """What is added to the numbers in a group that has moved on."""
    return BEFORE if circle.migrated_to else 0


def _put(said: Said) -> list[tuple[str, int, list[int]]]:
    """Each sign under a message, how often, and by whom."""
    by: dict[str, list[int]] = {}
    for one in said.reactions:
        by.setdefault(one.emoji or str(one.custom_id), []).append(one.by)
    return sorted((sign, len(people), sorted(people)) for sign, people in by.items())


def _stored(message: Message, media: Media | None) -> Facts:
    return Facts(
        peer_id=message.peer_id,
        sender_id=message.sender_id,
        text=message.text,
        entities=message.entities,
        kind=message.extra["service"] if message.kind == "service" else message.kind,
        sent_at=message.sent_at,
        edited_at=message.edited_at,
        reply_to_id=message.reply_to_id,
        album_id=message.album_id,
        file_size=media.size if media else None,
        deleted=message.deleted_at is not None,
        quote=message.extra.get("quote"),
        origin=(message.extra.get("forward") or {}).get("name"),
        protected=message.protected,
        vanishes=VANISHES in message.extra,
        reactions=sorted(
            (one.get("emoji") or one["custom_emoji_id"], one["count"], one["by"]) for one in message.reactions
        ),
    )

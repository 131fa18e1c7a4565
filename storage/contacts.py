"""Whom the business talks to: people, and the groups that its owner lets be mirrored."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, bindparam, func, union
from sqlalchemy.orm import aliased
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import TelegramId, VaultTable
from storage.conversations import Conversation
from storage.search_text import folded
from storage.tags import ContactTag, ConversationTag, Tag


class Aside(StrEnum):
    """Why a contact is not on the desk; short, since buttons carry them."""

    ARCHIVED = "archived"
    BLOCKED = "blocked"
    OTHER = "other"  # no client


NOT_AT_TELEGRAM = 2**52  # from here on our own numbers: Telegram's have at most 52 bits (Bot API, User.id)
HIDDEN = 2**60  # from here on there is nobody: the number of a contact that wears a mask (storage/masks.py)
MUTE = {Aside.BLOCKED, Aside.OTHER}  # they never wait for an answer


class Contact(VaultTable, table=True):
    """One person, however many of the workspace's accounts he writes to; or a group, whose id is below zero."""

    __tablename__ = "contacts"

    id: int | None = Field(default=None, primary_key=True)
    telegram_id: int = Field(sa_type=TelegramId, unique=True)
    migrated_from: int | None = Field(default=None, sa_type=TelegramId, index=True)  # what it was before a supergroup
    first_name: str = ""
    last_name: str | None = None
    name_key: str = Field(index=True)  # the whole name as `name_key` folds it: the order of lists
    username: str | None = Field(default=None, index=True)
    phone: str | None = Field(default=None, index=True)
    language: str | None = None
    is_bot: bool = False
    first_seen_at: datetime  # when the mirror first heard of this person
    last_message_at: datetime | None = Field(default=None, index=True)
    stage_id: int | None = Field(default=None, foreign_key="stages.id", ondelete="SET NULL", index=True)
    aside: str | None = None  # one of Aside; None: on the desk
    aside_at: datetime | None = None
    merged_into: int | None = Field(default=None, foreign_key="contacts.id", ondelete="SET NULL", index=True)

    @property
    def is_group(self) -> bool:
        """Whether many people talk there."""
        return self.telegram_id < 0

    @property
    def at_telegram(self) -> bool:
        """Whether Telegram knows who it is; else the contact came from a file, with a number of our own."""
        return self.telegram_id < NOT_AT_TELEGRAM

    @property
    def hidden(self) -> bool:
        """Whether it wears a mask, and what it shows is not who it is."""
        return abs(self.telegram_id) >= HIDDEN

    @property
    def name(self) -> str:
        """The name as Telegram shows it; the id where a person has none left."""
        return " ".join(part for part in (self.first_name, self.last_name) if part) or f"#{self.telegram_id}"


LISTED = col(Contact.aside).is_(None) & col(Contact.merged_into).is_(None)


def family(contact_id: int) -> ColumnElement[bool]:
    """A contact and those that were merged into it."""
    return (col(Contact.id) == contact_id) | (col(Contact.merged_into) == contact_id)


def name_key(name: str) -> str:
    """What a name is sorted by: without case and accents, in any script, as the search folds it."""
    return folded(name)


async def by_telegram_id(session: AsyncSession, telegram_id: int) -> Contact | None:
    """The contact behind a Telegram user id."""
    return (await session.exec(select(Contact).where(col(Contact.telegram_id) == telegram_id))).first()


async def number_at_telegram(session: AsyncSession, contact_id: int) -> int:
    """The Telegram id of a contact, also under a mask; 0 where there is no such contact."""
    query = select(Contact.telegram_id).where(col(Contact.id) == contact_id)
    return (await session.exec(query, execution_options={"bare": True})).first() or 0


async def free_number(session: AsyncSession) -> int:
    """A number for somebody whom Telegram has told us nothing of."""
    highest = (await session.exec(select(func.max(Contact.telegram_id)))).one() or 0
    return max(int(highest) + 1, NOT_AT_TELEGRAM)


async def by_name(session: AsyncSession, words: str, limit: int) -> Sequence[Contact]:
    """Contacts with these words in their name, or with this username or phone, by name."""
    word, digits = words.strip().removeprefix("@"), "".join(sign for sign in words if sign.isdigit())
    found = col(Contact.name_key).contains(name_key(word), autoescape=True) | (col(Contact.username) == word)
    if digits:
        found |= col(Contact.phone).in_([digits, f"+{digits}"])
    query = select(Contact).where(col(Contact.merged_into).is_(None), found).order_by(col(Contact.name_key))
    return (await session.exec(query.limit(limit))).all()


async def count(session: AsyncSession, tag_id: int = 0) -> int:
    """How many there are; of a tag, how many carry it themselves or on a conversation. Tag 0 is all."""
    query = select(func.count()).select_from(Contact).where(LISTED)
    return (await session.exec(query.where(carries(tag_id)) if tag_id else query)).one()


@dataclass(frozen=True, slots=True)
class Listed:
    """A contact as a list shows it."""

    contact: Contact
    waiting_since: datetime | None  # for an answer, on any account
    colours: Sequence[str]  # of the tags on it, in the order of their names


async def page(
    session: AsyncSession, *, tag_id: int = 0, by_name: bool = False, offset: int, limit: int
) -> Sequence[tuple[Listed, int]]:
    """Contacts by their last message, the newest first, or by name; beside each, how many there are. Tag 0 is all."""
    rows = await session.exec(
        _page(tagged=bool(tag_id), by_name=by_name), params={"tag": tag_id, "offset": offset, "limit": limit}
    )
    return [(Listed(contact, since, json.loads(colours)), count) for contact, since, colours, count in rows]


@cache  # to build it takes longer than to run it
def _page(*, tagged: bool, by_name: bool) -> Any:
    order = _by_name if by_name else _by_last_message
    conditions = (LISTED, carries(bindparam("tag"))) if tagged else (LISTED,)
    here = select(Contact).where(*conditions).order_by(*order(Contact))
    # what else is asked is asked of this page alone
    one = aliased(Contact, here.offset(bindparam("offset")).limit(bindparam("limit")).subquery())
    in_all = select(func.count()).select_from(Contact).where(*conditions).scalar_subquery()
    return select(one, _waiting_since(one), _colours(one), in_all).order_by(*order(one))


def _by_last_message(one: type[Contact]) -> Sequence[ColumnElement[Any]]:
    return (col(one.last_message_at).desc(), col(one.id).desc())


def _by_name(one: type[Contact]) -> Sequence[ColumnElement[Any]]:
    return (col(one.name_key).asc(), col(one.id).asc())  # as the index has them


def _waiting_since(one: type[Contact]) -> ColumnElement[datetime | None]:
    return (
        select(func.min(Conversation.waiting_since))
        .where(col(Conversation.contact_id).in_(_own_and_merged(one)))
        .scalar_subquery()
    )


def _own_and_merged(one: type[Contact]) -> Any:
    merged = aliased(Contact)
    return (
        select(col(one.id))
        .correlate(one)
        .union_all(select(merged.id).where(col(merged.merged_into) == col(one.id)).correlate(one))
    )


def _colours(one: type[Contact]) -> ColumnElement[str]:
    carried = (
        select(Tag.colour)
        .join(ContactTag, col(ContactTag.tag_id) == col(Tag.id))
        .where(col(ContactTag.contact_id) == col(one.id))
        .order_by(col(Tag.name_key))
        .correlate(one)
        .subquery()
    )
    return select(func.json_group_array(carried.c.colour)).scalar_subquery()


def carries(tag_id: int | BindParameter[int]) -> ColumnElement[bool]:
    """Whether a contact carries the tag himself or on a conversation."""
    carried = union(
        select(ContactTag.contact_id).where(col(ContactTag.tag_id) == tag_id),
        select(Conversation.contact_id)
        .join(ConversationTag, col(ConversationTag.conversation_id) == col(Conversation.id))
        .where(col(ConversationTag.tag_id) == tag_id),
    )
    return col(Contact.id).in_(carried)


async def sifted(
    session: AsyncSession, conditions: Sequence[ColumnElement[bool]], *, by_name: bool, offset: int, limit: int
) -> Sequence[Listed]:
    """One page of the contacts that meet these conditions, in the orders of `page`."""
    order = _by_name if by_name else _by_last_message
    here = select(Contact).where(*conditions).order_by(*order(Contact)).offset(offset).limit(limit)
    one = aliased(Contact, here.subquery())
    rows = await session.exec(select(one, _waiting_since(one), _colours(one)).order_by(*order(one)))
    return [Listed(contact, since, json.loads(colours)) for contact, since, colours in rows]


async def aside_counts(session: AsyncSession) -> dict[str, int]:
    """How many are aside, in each way."""
    query = select(Contact.aside, func.count()).where(
        col(Contact.aside).is_not(None), col(Contact.merged_into).is_(None)
    )
    return {how or "": count for how, count in await session.exec(query.group_by(col(Contact.aside)))}


async def aside_page(session: AsyncSession, how: Aside, *, offset: int, limit: int) -> Sequence[Contact]:
    """Who is aside in this way, the last to be set aside first."""
    query = select(Contact).where(col(Contact.aside) == how, col(Contact.merged_into).is_(None))
    return (
        await session.exec(query.order_by(col(Contact.aside_at).desc(), col(Contact.id)).offset(offset).limit(limit))
    ).all()

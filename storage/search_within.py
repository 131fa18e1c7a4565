"""Where a search looks: with whom, who wrote, under which tags, in which queue, when, in what kind of message."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select, union
from sqlalchemy.orm import Mapped
from sqlmodel import col

from storage.contacts import Contact
from storage.conversations import Conversation, whose
from storage.fields import Wanted
from storage.queues import Queue, standing_in
from storage.tags import ContactTag, ConversationTag


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """Several tags must all be on the contact or the conversation; `until` is not included."""

    contact_id: int | None = None
    conversation_id: int | None = None
    account_id: int | None = None
    tag_ids: Collection[int] = ()
    without_tag_ids: Collection[int] = ()
    stage_id: int | None = None
    fields: Sequence[Wanted] = ()
    queue: Queue | None = None
    person_id: int = 0  # whose queue, where it is somebody's
    writer: int | None = None  # the Telegram id of the one who wrote to us
    ours: bool = False  # only what we wrote
    since: datetime | None = None
    until: datetime | None = None
    message_kinds: Collection[str] = ()  # photo, voice, …; these leave messages only

    @property
    def narrow(self) -> bool:
        """Whether only some contacts are meant."""
        chosen = (self.contact_id, self.conversation_id, self.account_id, self.stage_id, self.queue)
        return any(one is not None for one in chosen) or bool(self.tag_ids or self.without_tag_ids or self.fields)

    @property
    def messages_alone(self) -> bool:
        """Whether what is asked of a hit can be said of messages only."""
        return bool(self.message_kinds or self.writer or self.ours)


EVERYWHERE = Within()


def conversations(within: Within) -> Select[Any]:
    """The ids of the conversations that are meant."""
    number = col(Conversation.id)
    query = select(number)
    if within.contact_id is not None:
        query = query.where(col(Conversation.contact_id).in_(whose(within.contact_id)))
    if within.conversation_id is not None:
        query = query.where(number == within.conversation_id)
    query = query.where(*_among_conversations(within), *_like(col(Conversation.contact_id), within))
    if within.tag_ids or within.without_tag_ids:
        through_contact = select(number, col(ContactTag.tag_id)).join(
            ContactTag, col(ContactTag.contact_id) == Conversation.contact_id
        )
        itself = select(col(ConversationTag.conversation_id), col(ConversationTag.tag_id))
        query = query.where(*_tagged(number, through_contact, itself, within))
    return query


def _among_conversations(within: Within) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if within.account_id is not None:
        conditions.append(col(Conversation.account_id) == within.account_id)
    if within.queue is not None:
        conditions.append(standing_in(within.queue, within.person_id))
    return conditions


def _like(contact: Mapped[Any], within: Within) -> list[ColumnElement[bool]]:
    """What a card must say, for the column of its id."""
    staged = select(col(Contact.id)).where(col(Contact.stage_id) == within.stage_id)
    conditions = [contact.in_(staged)] if within.stage_id is not None else []
    return [*conditions, *(wanted.met_by(contact) for wanted in within.fields)]


def among_contacts(contact: Mapped[Any], within: Within) -> list[ColumnElement[bool]]:
    """The conditions that a contact's id must meet."""
    conditions = _like(contact, within)
    if within.contact_id is not None:
        conditions.append(contact.in_(whose(within.contact_id)))
    if within.conversation_id is not None:
        other_side = select(col(Conversation.contact_id)).where(col(Conversation.id) == within.conversation_id)
        conditions.append(contact == other_side.scalar_subquery())
    among = _among_conversations(within)
    if among:
        conditions.append(contact.in_(select(col(Conversation.contact_id)).where(*among)))
    if within.tag_ids or within.without_tag_ids:
        itself = select(col(ContactTag.contact_id), col(ContactTag.tag_id))
        through_conversation = select(col(Conversation.contact_id), col(ConversationTag.tag_id)).join(
            ConversationTag, col(ConversationTag.conversation_id) == Conversation.id
        )
        conditions += _tagged(contact, itself, through_conversation, within)
    return conditions


def _tagged(
    owner: Mapped[Any] | ColumnElement[Any], one: Select[Any, Any], other: Select[Any, Any], within: Within
) -> list[ColumnElement[bool]]:
    """Of pairs (owner, tag): those whose tags are all there, whichever of the two ways they came, and none of some."""
    conditions: list[ColumnElement[bool]] = [
        owner.in_(union(*(_owners(pair, [tag]) for pair in (one, other)))) for tag in within.tag_ids
    ]
    without = (one, other) if within.without_tag_ids else ()
    return [*conditions, *(owner.not_in(_owners(pair, within.without_tag_ids)) for pair in without)]


def _owners(pairs: Select[Any, Any], tag_ids: Collection[int]) -> Select[Any]:
    return pairs.where(pairs.selected_columns.tag_id.in_(tag_ids)).with_only_columns(pairs.selected_columns[0])

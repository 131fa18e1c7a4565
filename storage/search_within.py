"""Where a search looks: with whom, in which conversation, under which tags, when, and in what kind of message."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, union
from sqlalchemy.orm import Mapped
from sqlmodel import col

from storage.conversations import Conversation
from storage.tags import ContactTag, ConversationTag


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """Several tags must all be on the contact or the conversation; `until` is not included."""

    contact_id: int | None = None
    conversation_id: int | None = None
    tag_ids: Collection[int] = ()
    since: datetime | None = None
    until: datetime | None = None
    message_kinds: Collection[str] = ()  # photo, voice, …; these leave messages only

    @property
    def narrow(self) -> bool:
        """Whether only some contacts are meant."""
        return self.contact_id is not None or self.conversation_id is not None or bool(self.tag_ids)


EVERYWHERE = Within()


def conversations(within: Within) -> Select[Any]:
    """The ids of the conversations that are meant."""
    number = col(Conversation.id)
    query = select(number)
    if within.contact_id is not None:
        query = query.where(col(Conversation.contact_id) == within.contact_id)
    if within.conversation_id is not None:
        query = query.where(number == within.conversation_id)
    if within.tag_ids:
        through_contact = select(number, col(ContactTag.tag_id)).join(
            ContactTag, col(ContactTag.contact_id) == Conversation.contact_id
        )
        itself = select(col(ConversationTag.conversation_id), col(ConversationTag.tag_id))
        query = query.where(number.in_(_with_all_tags(through_contact, itself, within.tag_ids)))
    return query


def among_contacts(contact: Mapped[Any], within: Within) -> list[ColumnElement[bool]]:
    """The conditions that a contact's id must meet."""
    conditions: list[ColumnElement[bool]] = []
    if within.contact_id is not None:
        conditions.append(contact == within.contact_id)
    if within.conversation_id is not None:
        whose = select(col(Conversation.contact_id)).where(col(Conversation.id) == within.conversation_id)
        conditions.append(contact == whose.scalar_subquery())
    if within.tag_ids:
        itself = select(col(ContactTag.contact_id), col(ContactTag.tag_id))
        through_conversation = select(col(Conversation.contact_id), col(ConversationTag.tag_id)).join(
            ConversationTag, col(ConversationTag.conversation_id) == Conversation.id
        )
        conditions.append(contact.in_(_with_all_tags(itself, through_conversation, within.tag_ids)))
    return conditions


def _with_all_tags(one: Select[Any, Any], other: Select[Any, Any], tag_ids: Collection[int]) -> Select[Any]:
    """Of pairs (whose, tag), those whose tags are all there, whichever of the two ways they came."""
    pairs = union(*(pair.where(pair.selected_columns.tag_id.in_(tag_ids)) for pair in (one, other)))
    whose = pairs.subquery().c[0]
    return select(whose).group_by(whose).having(func.count() == len(set(tag_ids)))

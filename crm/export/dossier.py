"""All that is known of one contact, or that was said in one conversation, for a file of its own."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from crm import audit, history, phones
from crm.access import Desk, Power, contact_for, conversation_for
from crm.export.contents import TABLES
from crm.export.parts import Frame
from crm.export.tables import Row
from crm.fields import Filled
from crm.history import Line
from storage import conversations, fields, notes, reminders, replies, stages, tags
from storage.accounts import Account
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.fields import UNITS, CustomField, FieldValue, Kind
from storage.messages import Version
from storage.notes import Note, NoteFile
from storage.reminders import Reminder
from storage.replies import Reply
from storage.stages import Stage, StageMove
from storage.tags import Tag

KIND = "dossier"
FORMAT = 1
NOTES = 10_000  # of one contact, more than anybody writes
_TABLES = {table.name: table for table in TABLES}
_FILE = ("kind", "mime", "name", "size", "width", "height", "duration")
Move = tuple[StageMove, str | None, str | None]  # with the names of the stages


class Form(StrEnum):
    """For a program or for people; short, since buttons carry it."""

    JSON = "json"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the team knows of a contact."""

    phones: Sequence[str]  # the main one first
    stage: Stage | None
    fields: Filled
    notes: Sequence[Note]
    note_files: Sequence[NoteFile]
    reminders: Sequence[Reminder]
    moves: Sequence[Move]  # from stage to stage
    answers: Sequence[Reply]  # that have not left


@dataclass(frozen=True, slots=True)
class Dossier:
    """What stands above the messages."""

    contact: Contact
    threads: Sequence[tuple[Conversation, Account]]
    tags: Sequence[Tag]
    card: Facts | None  # None: one conversation alone is meant

    @property
    def count(self) -> int:
        """How many messages there are."""
        return sum(thread.message_count for thread, _account in self.threads)


Said = Sequence[tuple[Line, Sequence[Version]]]


async def collect(desk: Desk, contact_id: int, thread_id: int = 0) -> Dossier:
    """Everything of a contact, or of one conversation, but the messages.

    Raises NotAllowed without the power to export, NotFound.
    """
    desk.need(Power.EXPORT)
    async with desk.reading() as session:
        if thread_id:
            thread = await conversation_for(desk, session, thread_id)
            contact, account = (
                await session.get_one(Contact, thread.contact_id),
                await session.get_one(Account, thread.account_id),
            )
            on_it = await tags.on_conversations(session, [thread_id])
            return Dossier(contact, [(thread, account)], on_it.get(thread_id, []), None)
        contact = await contact_for(desk, session, contact_id)
        known = contact.id or 0
        threads = await conversations.of_contact(session, known)
        facts = Facts(
            await phones.on_card(session, contact),
            await session.get(Stage, contact.stage_id) if contact.stage_id else None,
            await fields.of_contact(session, known),
            await notes.of_contact(session, known, limit=NOTES),
            await notes.files_of_contact(session, known),
            await reminders.all_of_contact(session, known),
            await stages.moves_of(session, known),
            [
                reply
                for reply, _delivery in await replies.unsettled(session, [one.id or 0 for one, _account in threads])
            ],
        )
        on_card = await tags.on_contacts(session, [known])
        return Dossier(contact, threads, on_card.get(known, []), facts)


async def said(desk: Desk, dossier: Dossier) -> AsyncIterator[tuple[Account, Said]]:
    """What was said on each account from its beginning, in handfuls that alone are in memory."""
    for thread, account in dossier.threads:
        async for lines in history.from_the_beginning(desk, thread.id or 0):
            yield account, lines


async def record(desk: Desk, dossier: Dossier, form: Form) -> None:
    """Leave a trace of who took whose file along."""
    noun, number = ("contact", dossier.contact.id) if dossier.card else ("conversation", dossier.threads[0][0].id)
    async with desk.transaction() as session:
        audit.record(desk, session, f"{noun}.exported", f"{noun}:{number}", form=form, messages=dossier.count)


def json_frame(dossier: Dossier, at: str) -> Frame:
    """What stands around the messages: one object, whose last member they are."""
    head: Row = {
        "format": FORMAT,
        "exported_at": at,
        "contact": _TABLES["contacts"].row(dossier.contact.model_dump()),
        "tags": [tag.name for tag in dossier.tags],
        **(_facts(dossier.card) if dossier.card else {}),
        "conversations": [_TABLES["conversations"].row(one.model_dump()) for one, _account in dossier.threads],
    }
    return Frame(_json(head)[:-1] + b', "messages": [\n', b",\n", b"\n]}\n")


def _facts(card: Facts) -> Row:
    return {
        "phones": list(card.phones),
        "stage": card.stage.name if card.stage else None,
        "fields": {field.name: _value(field, value) for field, value in card.fields if value is not None},
        "notes": [_TABLES["notes"].row(one.model_dump()) for one in card.notes],
        "note_files": [_TABLES["note_files"].row(one.model_dump()) for one in card.note_files],
        "reminders": [_TABLES["reminders"].row(one.model_dump()) for one in card.reminders],
        "stage_moves": [
            {**_TABLES["stage_moves"].row(move.model_dump()), "from": before, "to": behind}
            for move, before, behind in card.moves
        ],
        "replies": [_TABLES["replies"].row(one.model_dump()) for one in card.answers],
    }


def json_lines(lines: Said) -> bytes:
    """Messages as members of the frame's list."""
    return b",\n".join(_json(_message(line, earlier)) for line, earlier in lines)


def _message(line: Line, earlier: Sequence[Version]) -> Row:
    message, table = line.message, _TABLES["messages"]
    facts = message.model_dump() | (dict(table.withheld) if message.protected else {})
    there = {} if message.protected else {name: getattr(line.media, name) for name in _FILE} if line.media else {}
    texts = [] if message.protected else [_TABLES["versions"].row(one.model_dump()) for one in earlier]
    return {**table.row(facts), "sender_name": line.name(message), "file": there or None, "versions": texts}


def _value(field: CustomField, value: FieldValue) -> Any:
    """As JSON has it: money with its currency, a day as 2026-12-31."""
    match Kind(field.kind):
        case Kind.NUMBER:
            return (value.amount or 0) / UNITS
        case Kind.MONEY:
            return {"amount": (value.amount or 0) / UNITS, "currency": value.currency}
        case Kind.DATE:
            return value.day.isoformat() if value.day else None
        case Kind.YES_NO:
            return bool(value.amount)
        case Kind.TEXT | Kind.CHOICE:
            return value.text


def _json(value: Row) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace")

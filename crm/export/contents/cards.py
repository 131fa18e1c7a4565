"""What the team knows of a contact: the tables behind a card."""

from __future__ import annotations

from sqlalchemy import literal_column
from sqlmodel import col, select

from crm.export.tables import ID, Column, Table
from storage.fields import CustomField, FieldValue
from storage.merges import Apart, Merge
from storage.notes import Note, NoteFile
from storage.sifts import BulkStep
from storage.stages import Stage, StageMove
from storage.tags import ContactTag, ConversationTag, Tag

TABLES: tuple[Table, ...] = (
    Table(
        "tags",
        "The workspace's tags.",
        (
            ID,
            Column("name", "string", "the word"),
            Column("colour", "string", "the sign beside it"),
            Column("made_at", "time", "when it was made"),
        ),
        model=Tag,
        key=col(Tag.id),
    ),
    Table(
        "contact_tags",
        "Which tags are on which contacts.",
        (
            Column("contact_id", "integer", "contacts.id"),
            Column("tag_id", "integer", "tags.id"),
            Column("put_at", "time", "when it was put on"),
            Column("put_by", "integer", "Telegram user id of the member"),
        ),
        model=ContactTag,
        key=literal_column("contact_tags.rowid"),
    ),
    Table(
        "conversation_tags",
        "Which tags are on which conversations.",
        (
            Column("conversation_id", "integer", "conversations.id"),
            Column("tag_id", "integer", "tags.id"),
            Column("put_at", "time", "when it was put on"),
            Column("put_by", "integer", "Telegram user id of the member"),
        ),
        model=ConversationTag,
        key=literal_column("conversation_tags.rowid"),
    ),
    Table(
        "stages",
        "The steps of the pipeline.",
        (
            ID,
            Column("name", "string", "what it is called"),
            Column("place", "integer", "which one it is, from 1"),
            Column("made_at", "time", "when it was made"),
            Column("removed_at", "time", "when it was removed", optional=True),
        ),
        model=Stage,
        key=col(Stage.id),
    ),
    Table(
        "stage_moves",
        "Which contact moved from which stage to which.",
        (
            ID,
            Column("contact_id", "integer", "contacts.id"),
            Column("from_id", "integer", "stages.id, empty where it stood in none", optional=True),
            Column("to_id", "integer", "stages.id, empty where it stands in none since", optional=True),
            Column("moved_at", "time", "when"),
            Column("moved_by", "integer", "Telegram user id of the member"),
        ),
        model=StageMove,
        key=col(StageMove.id),
    ),
    Table(
        "fields",
        "Fields of the workspace's own.",
        (
            ID,
            Column("name", "string", "what it is called"),
            Column("kind", "string", "text, number, money, date, choice or yesno"),
            Column("place", "integer", "which one it is on the card, from 1"),
            Column("currency", "string", "of money that is written without one (ISO 4217)", optional=True),
            Column("choices", "array", "what can be chosen"),
            Column("made_at", "time", "when it was made"),
        ),
        model=CustomField,
        key=col(CustomField.id),
        only=(col(CustomField.removed_at).is_(None),),
    ),
    Table(
        "field_values",
        "What stands in these fields.",
        (
            Column("contact_id", "integer", "contacts.id"),
            Column("field_id", "integer", "fields.id"),
            Column("text", "string", "a text, or what was chosen", optional=True),
            Column("amount", "integer", "a number or money, in ten-thousandths; yes is 10000, no 0", optional=True),
            Column("currency", "string", "of money (ISO 4217)", optional=True),
            Column("day", "string", "a date, as 2026-12-31", optional=True),
            Column("set_at", "time", "since when it stands there"),
            Column("set_by", "integer", "Telegram user id of the member"),
        ),
        model=FieldValue,
        key=literal_column("field_values.rowid"),
        only=(col(FieldValue.field_id).in_(select(CustomField.id).where(col(CustomField.removed_at).is_(None))),),
    ),
    Table(
        "apart",
        "Contacts that look alike and were said to be two people.",
        (Column("low_id", "integer", "contacts.id"), Column("high_id", "integer", "contacts.id")),
        model=Apart,
        key=literal_column("apart.rowid"),
    ),
    Table(
        "merges",
        "Contacts that were put under another, while they can be taken apart.",
        (
            ID,
            Column("kept_id", "integer", "contacts.id that stayed"),
            Column("gone_id", "integer", "contacts.id that was put under it"),
            Column("merged_at", "time", "when"),
            Column("merged_by", "integer", "Telegram user id of the member"),
            Column("moved", "object", "what went along, for the undo"),
        ),
        model=Merge,
        key=col(Merge.id),
        identifies=True,
    ),
    Table(
        "bulk_steps",
        "What contacts had before a change of many, while it can be undone.",
        (
            Column("job_id", "integer", "number of the change"),
            Column("contact_id", "integer", "contacts.id"),
            Column("before", "object", "what it had, for the undo"),
        ),
        model=BulkStep,
        key=literal_column("bulk_steps.rowid"),
        identifies=True,
    ),
    Table(
        "notes",
        "What the team wrote about contacts.",
        (
            ID,
            Column("contact_id", "integer", "contacts.id"),
            Column("text", "string", "the note"),
            Column("author_id", "integer", "Telegram user id of the member"),
            Column("written_at", "time", "when it was written"),
            Column("edited_at", "time", "when it was last changed", optional=True),
            Column("pinned_at", "time", "since when it is pinned", optional=True),
        ),
        model=Note,
        key=col(Note.id),
        only=(col(Note.deleted_at).is_(None),),
    ),
    Table(
        "note_files",
        "The files that notes carry.",
        (
            ID,
            Column("note_id", "integer", "notes.id"),
            Column("kind", "string", "photo, voice, document, …"),
            Column("mime", "string", "media type", optional=True),
            Column("name", "string", "file name", optional=True),
            Column("size", "integer", "bytes", optional=True),
        ),
        model=NoteFile,
        key=col(NoteFile.id),
        only=(
            col(NoteFile.deleted_at).is_(None),
            col(NoteFile.note_id).in_(select(Note.id).where(col(Note.deleted_at).is_(None))),
        ),
    ),
)

"""What is promised, answered and looked for: the tables of the day's work."""

from __future__ import annotations

from sqlmodel import col

from crm.export.tables import ID, Column, Table
from storage.audit import AuditEntry
from storage.digests import Digest
from storage.duty import Away
from storage.quiet import QuietHours
from storage.reminders import COUNTS, Reminder
from storage.replies import Reply
from storage.saved_replies import SavedReply
from storage.searches import Search
from storage.settings import Setting

TABLES: tuple[Table, ...] = (
    Table(
        "reminders",
        "What was promised to contacts.",
        (
            ID,
            Column("contact_id", "integer", "contacts.id"),
            Column("message", "integer", "messages.id that it came from", optional=True),
            Column("note_id", "integer", "notes.id that it came from", optional=True),
            Column("text", "string", "what was promised"),
            Column("author_id", "integer", "Telegram user id of the member who wrote it"),
            Column("person_id", "integer", "Telegram user id of the member who is told"),
            Column("agreed_at", "time", "when it was written"),
            Column("due_at", "time", "when it is due"),
            Column("repeats", "string", "how often, on which day, and the time in the workspace's zone", optional=True),
            Column("done_at", "time", "when it was done", optional=True),
        ),
        model=Reminder,
        key=col(Reminder.id),
        only=(COUNTS,),
    ),
    Table(
        "replies",
        "What members wrote to clients from here: who wrote which message, and what has not become one.",
        (
            ID,
            Column("conversation_id", "integer", "conversations.id"),
            Column("author_id", "integer", "Telegram user id of the member"),
            Column("text", "string", "the text, until it is a message"),
            Column("entities", "array", "its formatting"),
            Column("file", "object", "the file that it carries, until it is a message", optional=True),
            Column("reply_to_id", "integer", "message_id that it answers", optional=True),
            Column("written_at", "time", "when it was written"),
            Column("leaves_at", "time", "when it leaves by itself", optional=True),
            Column("way", "string", "business, userbot or draft, by which it went", optional=True),
            Column("message", "integer", "messages.id, once it is one", optional=True),
        ),
        model=Reply,
        key=col(Reply.id),
    ),
    Table(
        "saved_replies",
        "Answers that are given again and again.",
        (
            ID,
            Column("person_id", "integer", "Telegram user id of the member who made it"),
            Column("shared", "boolean", "whether it is the whole team's"),
            Column("name", "string", "its short name"),
            Column("text", "string", "the text, with variables in braces"),
            Column("entities", "array", "its formatting"),
            Column("made_at", "time", "when it was made"),
            Column("used", "integer", "how often it was used"),
        ),
        model=SavedReply,
        key=col(SavedReply.id),
        only=(col(SavedReply.deleted_at).is_(None),),
    ),
    Table(
        "searches",
        "Searches and filters that members keep under a name.",
        (
            ID,
            Column("person_id", "integer", "Telegram user id of the member who keeps it"),
            Column("shared", "boolean", "whether the whole team uses it"),
            Column("name", "string", "its name"),
            Column("made_at", "time", "when it was kept"),
            Column("kind", "string", "filter: of contacts; else what is searched for: message, photo, …, or anything"),
            Column(
                "sieve",
                "object",
                "what a filter asks for: tags and without (tags.id), stage, queue, fields",
            ),
            Column("words", "string", "the words of a search"),
            Column("contact_id", "integer", "contacts.id that it is about", optional=True),
            Column("writer", "string", "whose words are searched"),
            Column("account_id", "integer", "accounts.id where it was said", optional=True),
            Column("tags", "array", "tags.id that are asked for"),
            Column("without_tags", "array", "tags.id that are shut out"),
            Column("stage_id", "integer", "stages.id that is asked for", optional=True),
            Column("queue", "string", "the queue that is asked for"),
            Column("fields", "array", "what is asked of fields"),
            Column("span", "string", "the days that are searched"),
            Column("since", "time", "from when, where days were typed", optional=True),
            Column("until", "time", "until when, where days were typed", optional=True),
        ),
        model=Search,
        key=col(Search.id),
        only=(col(Search.name).is_not(None), col(Search.deleted_at).is_(None)),
    ),
    Table(
        "quiet_hours",
        "When members want to hear no sound, on the workspace's clock.",
        (
            Column("person_id", "integer", "Telegram user id of the member"),
            Column("begins", "integer", "minutes after midnight"),
            Column("ends", "integer", "minutes after midnight"),
        ),
        model=QuietHours,
        key=col(QuietHours.person_id),
    ),
    Table(
        "away",
        "Which members are away.",
        (
            Column("person_id", "integer", "Telegram user id of the member"),
            Column("since", "time", "since when"),
            Column("back_at", "time", "when he is on duty again by himself", optional=True),
            Column("freed", "array", "conversations.id that he let go of"),
        ),
        model=Away,
        key=col(Away.person_id),
    ),
    Table(
        "digests",
        "Which members are told each morning what waits.",
        (
            Column("person_id", "integer", "Telegram user id of the member"),
            Column("at", "integer", "minutes after midnight, on the workspace's clock"),
            Column("weekends", "boolean", "whether at weekends, too"),
            Column("told_on", "string", "the day for which it was told last", optional=True),
        ),
        model=Digest,
        key=col(Digest.person_id),
    ),
    Table(
        "audit",
        "Who did what, and when.",
        (
            ID,
            Column("at", "time", "when"),
            Column("actor_id", "integer", "Telegram user id; empty for Wysper itself", optional=True),
            Column("act", "string", "noun.verb, such as note.added"),
            Column("subject", "string", "noun:id, such as contact:17", optional=True),
            Column("facts", "object", "ids and counts"),
        ),
        model=AuditEntry,
        key=col(AuditEntry.id),
    ),
    Table(
        "settings",
        "The workspace's own choices.",
        (Column("name", "string", "which choice"), Column("value", "any", "what was chosen")),
        model=Setting,
        key=col(Setting.name),
    ),
)

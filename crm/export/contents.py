"""Every table and column of an export, in the words of its documentation."""

from __future__ import annotations

from sqlalchemy import literal_column
from sqlmodel import col, select

from crm.export.tables import Column, Listing, Table
from storage.accounts import Account
from storage.audit import AuditEntry
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.fields import CustomField, FieldValue
from storage.groups import Group
from storage.media import Media
from storage.merges import Apart
from storage.messages import Message, Version
from storage.notes import Note, NoteFile
from storage.phones import ContactPhone
from storage.reminders import COUNTS, Reminder
from storage.replies import Reply
from storage.saved_replies import SavedReply
from storage.searches import Search
from storage.senders import Sender
from storage.settings import Setting
from storage.stages import Stage, StageMove
from storage.tags import ContactTag, ConversationTag, Tag

ID = Column("id", "integer", "number of the row; other tables point here")
PROTECTED = select(Message.id).where(col(Message.protected))  # see docs/decisions: nothing of these is copied onward
TABLES: tuple[Table, ...] = (
    Table(
        "accounts",
        "The Telegram accounts that were connected.",
        (
            Column("id", "integer", "the account's own Telegram user id"),
            Column("first_name", "string", "first name"),
            Column("last_name", "string", "last name", optional=True),
            Column("username", "string", "username without @", optional=True),
            Column("phone", "string", "phone number", optional=True),
            Column("connected_at", "time", "when it was first connected"),
        ),
        model=Account,
        key=col(Account.id),
    ),
    Table(
        "contacts",
        "Whom the business talks to: people, and the groups that were picked.",
        (
            ID,
            Column("telegram_id", "integer", "Telegram user id; of a group its id in the Bot API, below zero"),
            Column("migrated_from", "integer", "id that a supergroup had as a basic group", optional=True),
            Column("first_name", "string", "first name as Telegram shows it; title of a group"),
            Column("last_name", "string", "last name", optional=True),
            Column("username", "string", "username without @", optional=True),
            Column("phone", "string", "phone number", optional=True),
            Column("language", "string", "language code of the person's app", optional=True),
            Column("is_bot", "boolean", "whether it is a bot"),
            Column("first_seen_at", "time", "when Wysper first heard of the person"),
            Column("last_message_at", "time", "when the newest message was sent", optional=True),
            Column("stage_id", "integer", "stages.id where it stands in the pipeline", optional=True),
            Column("aside", "string", "archived, blocked, or other (no client)", optional=True),
            Column("aside_at", "time", "when it was set aside", optional=True),
            Column("merged_into", "integer", "contacts.id of the contact that it is the same as", optional=True),
        ),
        model=Contact,
        key=col(Contact.id),
    ),
    Table(
        "contact_phones",
        "Phones of contacts that members have kept, beside the main one.",
        (
            Column("contact_id", "integer", "contacts.id"),
            Column("phone", "string", "phone number"),
            Column("kept_at", "time", "when it was kept"),
            Column("kept_by", "integer", "Telegram user id of the member who kept it"),
        ),
        model=ContactPhone,
        key=literal_column("contact_phones.rowid"),
    ),
    Table(
        "groups",
        "Groups of an account that were picked to be mirrored.",
        (
            Column("account_id", "integer", "accounts.id"),
            Column("peer_id", "integer", "contacts.telegram_id"),
            Column("picked_at", "time", "when it was picked"),
            Column("ended_at", "time", "when it was mirrored no more", optional=True),
            Column("reason", "string", "unpicked, removed or migrated", optional=True),
        ),
        model=Group,
        key=literal_column("groups.rowid"),
    ),
    Table(
        "senders",
        "Who wrote in mirrored groups.",
        (
            Column("id", "integer", "Telegram id; below zero for a group or channel in whose name it stands"),
            Column("name", "string", "name as Telegram shows it"),
        ),
        model=Sender,
        key=col(Sender.id),
    ),
    Table(
        "conversations",
        "One contact on one account.",
        (
            ID,
            Column("contact_id", "integer", "contacts.id"),
            Column("account_id", "integer", "accounts.id"),
            Column("first_message_at", "time", "when the first message was sent", optional=True),
            Column("last_message_at", "time", "when the newest message was sent", optional=True),
            Column("last_inbound_at", "time", "when the client last wrote", optional=True),
            Column("waiting_since", "time", "since when it waits for an answer of the business", optional=True),
            Column("aside_id", "integer", "message_id up to which a member has said what is to be done", optional=True),
            Column(
                "raised_at",
                "time",
                "since when it waits because a member, or the end of a rest, said so",
                optional=True,
            ),
            Column("closed_at", "time", "when it was closed", optional=True),
            Column("asleep_until", "time", "until when it was put off", optional=True),
            Column("put_off_by", "integer", "Telegram id of the member who put it off", optional=True),
            Column("assignee_id", "integer", "Telegram id of the member who is to answer", optional=True),
            Column("message_count", "integer", "how many messages there are"),
            Column("read_inbox_id", "integer", "message_id up to which the business has read", optional=True),
            Column("read_outbox_id", "integer", "message_id up to which the contact has read", optional=True),
            Column("protected", "boolean", "true where what is said may be neither forwarded nor saved"),
        ),
        model=Conversation,
        key=col(Conversation.id),
    ),
    Table(
        "messages",
        "Every message, as it stands now; deleted ones are marked. A protected one comes without its words.",
        (
            ID,
            Column("conversation_id", "integer", "conversations.id"),
            Column("account_id", "integer", "accounts.id"),
            Column("peer_id", "integer", "Telegram id of the contact or group"),
            Column(
                "message_id",
                "integer",
                "the message's id at Telegram, for this account; 2147483648 less where it is from before a group moved",
            ),
            Column("sender_id", "integer", "Telegram id of the sender; in a group see senders"),
            Column("outgoing", "boolean", "true where the business wrote it"),
            Column("kind", "string", "text, photo, voice, document, …"),
            Column("text", "string", "text or caption"),
            Column("entities", "array", "formatting as in the Bot API (offsets in UTF-16 units)"),
            Column("sent_at", "time", "when it was sent"),
            Column("edited_at", "time", "when it was last edited", optional=True),
            Column("deleted_at", "time", "when it was deleted in Telegram", optional=True),
            Column("reply_to_id", "integer", "message_id that it answers", optional=True),
            Column("album_id", "string", "the same for all parts of an album", optional=True),
            Column("by_bot", "boolean", "sent by a bot on the account's behalf"),
            Column("extra", "object", "location, shared contact, poll and the like"),
            Column("protected", "boolean", "may be neither forwarded nor saved"),
            Column("reactions", "array", "what stands under it, how often, and by whom as far as Telegram told"),
            Column("business", "boolean", "seen through the Business connection"),
            Column("userbot", "boolean", "seen through the linked device"),
        ),
        model=Message,
        key=col(Message.id),
        withheld={"text": "", "entities": [], "extra": {}},
    ),
    Table(
        "versions",
        "Earlier texts of edited messages.",
        (
            ID,
            Column("message", "integer", "messages.id"),
            Column("text", "string", "the text that stood"),
            Column("entities", "array", "its formatting"),
            Column("written_at", "time", "when this text was sent or edited in"),
        ),
        model=Version,
        key=col(Version.id),
        only=(col(Version.message).not_in(PROTECTED),),
    ),
    Table(
        "media",
        "The files that messages carry.",
        (
            Column("message", "integer", "messages.id"),
            Column("kind", "string", "photo, voice, document, …"),
            Column("mime", "string", "media type", optional=True),
            Column("name", "string", "file name", optional=True),
            Column("size", "integer", "bytes", optional=True),
            Column("width", "integer", "pixels", optional=True),
            Column("height", "integer", "pixels", optional=True),
            Column("duration", "integer", "seconds", optional=True),
        ),
        model=Media,
        key=col(Media.message),
        only=(col(Media.message).not_in(PROTECTED),),
    ),
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
        only=(col(NoteFile.note_id).in_(select(Note.id).where(col(Note.deleted_at).is_(None))),),
    ),
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

WORKSPACE = Listing(
    "workspace",
    "The workspace itself: one row.",
    (
        Column("name", "string", "its name"),
        Column("zone", "string", "its time zone (IANA)"),
        Column("made_at", "time", "when it was opened"),
        Column("state", "string", "active, or leaving while a deletion is pending"),
        Column("exported_at", "time", "the moment of this export"),
        Column("format", "integer", "version of this format"),
    ),
)
MEMBERS = Listing(
    "members",
    "Who works in the workspace.",
    (
        Column("id", "integer", "Telegram user id"),
        Column("name", "string", "name as Telegram shows it"),
        Column("username", "string", "username without @", optional=True),
        Column("role", "string", "owner, admin, agent or viewer"),
        Column("joined_at", "time", "since when"),
    ),
)
CONSENTS = Listing(
    "consents",
    "What you, who asked for this export, agreed to.",
    (
        Column("what", "string", "policy, adult, …"),
        Column("version", "string", "version of the words"),
        Column("given_at", "time", "when"),
        Column("withdrawn_at", "time", "when it was withdrawn", optional=True),
    ),
)
LEFT_OUT = Listing(
    "left_out",
    "Files that could not be put in.",
    (
        Column("message", "integer", "messages.id", optional=True),
        Column("note_file", "integer", "note_files.id", optional=True),
        Column("reason", "string", "too_large, unreachable or protected"),
    ),
)
LISTINGS: tuple[Listing, ...] = (WORKSPACE, MEMBERS, CONSENTS, *TABLES, LEFT_OUT)

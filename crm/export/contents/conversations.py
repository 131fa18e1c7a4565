"""Whom the business talks to, and what was said: the tables of the mirror."""

from __future__ import annotations

from sqlalchemy import literal_column
from sqlmodel import col, select

from crm.export.tables import ID, Column, Table
from storage.accounts import Account
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.groups import Group
from storage.media import Media
from storage.messages import Message, Version
from storage.phones import ContactPhone
from storage.senders import Sender

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
        identifies=True,
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
        identifies=True,
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
        identifies=True,
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
)

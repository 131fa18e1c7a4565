"""Mirrored messages, with every earlier text that was seen."""

from datetime import datetime

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field

from storage.columns import Json, TelegramId, VaultTable


class Message(VaultTable, table=True):
    """One message; (account, message id) is unique over all of an account's private chats, and peer makes it plain."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("account_id", "peer_id", "message_id"),
        Index("ix_messages_account_id_message_id", "account_id", "message_id"),  # deletions name no chat
        Index("ix_messages_conversation_id_message_id", "conversation_id", "message_id"),
        Index("ix_messages_sent_at", "sent_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    conversation_id: int = Field(foreign_key="conversations.id", ondelete="CASCADE")
    account_id: int = Field(sa_type=TelegramId)
    peer_id: int = Field(sa_type=TelegramId)
    message_id: int
    sender_id: int = Field(sa_type=TelegramId)
    outgoing: bool
    kind: str = "text"  # text, photo, voice, document, …: Telegram's own name of what the message carries
    text: str = ""  # text or caption, as it stands now
    entities: list[Json] = Field(default_factory=list, sa_type=JSON)
    sent_at: datetime
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    reply_to_id: int | None = None  # a message id in the same chat
    album_id: str | None = None
    by_bot: bool = False  # sent by a bot on the account's behalf
    extra: Json = Field(default_factory=dict, sa_type=JSON)  # forward origin, contact, location, poll, service, …
    business: bool = False  # seen through the Business connection
    userbot: bool = False  # seen through the userbot


class Version(VaultTable, table=True):
    """A text that a message had before another; it stood until the next version, or the message's own last edit."""

    __tablename__ = "message_versions"
    __table_args__ = (Index("ix_message_versions_message_written_at", "message", "written_at"),)

    id: int | None = Field(default=None, primary_key=True)
    message: int = Field(foreign_key="messages.id", ondelete="CASCADE")
    text: str
    entities: list[Json] = Field(default_factory=list, sa_type=JSON)
    written_at: datetime  # when this text was sent or edited in


class EarlyDeletion(VaultTable, table=True):
    """A deletion heard of before the message itself: the message is marked when it comes."""

    __tablename__ = "early_deletions"

    account_id: int = Field(sa_type=TelegramId, primary_key=True)
    message_id: int = Field(primary_key=True)
    deleted_at: datetime

"""Tags and what they are put on."""

from datetime import datetime

from sqlmodel import Field

from storage.columns import TelegramId, VaultTable

COLOURS = ("🔴", "🟠", "🟡", "🟢", "🔵", "🟣", "🟤", "⚫", "⚪")


class Tag(VaultTable, table=True):
    """A word of the workspace's own; two that differ in case alone are one."""

    __tablename__ = "tags"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    name_key: str = Field(unique=True)  # the name, case folded
    colour: str = "🔵"
    made_at: datetime


class ContactTag(VaultTable, table=True):
    __tablename__ = "contact_tags"

    contact_id: int = Field(primary_key=True, foreign_key="contacts.id", ondelete="CASCADE")
    tag_id: int = Field(primary_key=True, foreign_key="tags.id", ondelete="CASCADE", index=True)
    put_at: datetime
    put_by: int = Field(sa_type=TelegramId)


class ConversationTag(VaultTable, table=True):
    __tablename__ = "conversation_tags"

    conversation_id: int = Field(primary_key=True, foreign_key="conversations.id", ondelete="CASCADE")
    tag_id: int = Field(primary_key=True, foreign_key="tags.id", ondelete="CASCADE", index=True)
    put_at: datetime
    put_by: int = Field(sa_type=TelegramId)

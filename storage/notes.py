"""Notes on a contact's card."""

from datetime import datetime

from sqlmodel import Field

from storage.columns import TelegramId, VaultTable


class Note(VaultTable, table=True):
    """What the team wrote about a contact and the contact never sees."""

    __tablename__ = "notes"

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = Field(foreign_key="contacts.id", ondelete="CASCADE", index=True)
    text: str
    author_id: int = Field(sa_type=TelegramId)
    written_at: datetime
    edited_at: datetime | None = None
    pinned_at: datetime | None = None
    deleted_at: datetime | None = None  # kept for the undo; the purge takes it for good

"""Notes on a contact's card."""

from sqlmodel import Field

from storage.columns import MaybeTime, TelegramId, Time, VaultTable


class Note(VaultTable, table=True):
    """What the team wrote about a contact and the contact never sees."""

    __tablename__ = "notes"

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = Field(foreign_key="contacts.id", ondelete="CASCADE", index=True)
    text: str
    author_id: int = Field(sa_type=TelegramId)
    written_at: Time
    edited_at: MaybeTime = None
    pinned_at: MaybeTime = None
    deleted_at: MaybeTime = None  # kept for the undo; the purge takes it for good

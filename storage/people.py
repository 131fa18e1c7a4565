"""The people who use Wysper: owners and members, never their clients."""

from datetime import datetime

from sqlmodel import Field

from storage.columns import RegistryTable, TelegramId


class Person(RegistryTable, table=True):
    """One user of the bot; the id is Telegram's."""

    __tablename__ = "people"

    id: int = Field(sa_type=TelegramId, primary_key=True)
    first_name: str = ""
    last_name: str | None = None
    username: str | None = None
    language: str | None = None  # chosen by the person; None until then
    workspace_id: int | None = None  # the workspace that is on the desk now
    first_seen_at: datetime
    blocked_bot_at: datetime | None = None  # no letter reaches this person through Telegram

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.first_name, self.last_name) if part) or f"#{self.id}"

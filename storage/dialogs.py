"""Where each person stands in a dialog with the bot (a text that is being asked for)."""

from sqlalchemy import JSON
from sqlmodel import Field

from storage.columns import Json, RegistryTable


class Dialog(RegistryTable, table=True):
    """The state behind one chat and person, as aiogram's storage names it."""

    __tablename__ = "dialogs"

    key: str = Field(primary_key=True)
    state: str | None = None
    data: Json = Field(default_factory=dict, sa_type=JSON)

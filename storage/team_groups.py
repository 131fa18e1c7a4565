"""The groups in which a team works: which they are, what is told there, and whether the bot can still work in them."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import TelegramId, VaultTable


class Scope(StrEnum):
    """Whose conversations a group is for; short, since buttons carry it."""

    ALL = "all"
    TAG = "tag"
    ACCOUNT = "account"
    STAGE = "stage"


class TeamGroup(VaultTable, table=True):
    """One forum of the team. Its id is the Bot API's, below zero."""

    __tablename__ = "team_groups"

    chat_id: int = Field(sa_type=TelegramId, primary_key=True)
    title: str
    language: str  # in which the bot speaks there
    bound_at: datetime
    bound_by: int = Field(sa_type=TelegramId)
    lacking: list[str] = Field(
        default_factory=list, sa_type=JSON
    )  # what it needs and has not, as `crm.team_groups.Need`
    ended_at: datetime | None = None  # the bot was put out, or the group is gone
    scope: str = Scope.ALL
    scope_id: int | None = Field(default=None, sa_type=TelegramId)  # the tag, account or stage
    turned: bool = False  # a reply is a note, and all else goes to the client
    prune_after: int | None = None  # days after which the topic of a closed conversation is removed; none: never
    scanned: int = 0  # the newest message row that was looked at for it
    people_id: int | None = None  # the topic of new people, of whom there were too many at once
    people_post: int | None = None  # the message there that names them, and what it says
    people_drawn: str | None = None
    rules_id: int | None = None  # the message that says how to work here, and what it says
    rules_drawn: str | None = None
    board_id: int | None = None  # the message that shows who waits, and what it shows
    board_drawn: str | None = None

    @property
    def works(self) -> bool:
        """Whether the bot can speak there."""
        return self.ended_at is None and not self.lacking


async def every(session: AsyncSession) -> Sequence[TeamGroup]:
    """All groups of the workspace, the first to come first; those that ended, too."""
    return (await session.exec(select(TeamGroup).order_by(col(TeamGroup.bound_at), col(TeamGroup.chat_id)))).all()


async def working(session: AsyncSession) -> Sequence[TeamGroup]:
    """Those in which the bot can speak."""
    return [one for one in await every(session) if one.works]

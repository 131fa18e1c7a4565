"""The pipeline: the stages that contacts pass through, and every move between them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, func, update
from sqlalchemy.orm import aliased
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import TelegramId, VaultTable
from storage.contacts import LISTED, Contact


class Stage(VaultTable, table=True):
    """One step of the workspace's own way to a sale; a removed one stays for the undo and for the past."""

    __tablename__ = "stages"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    place: int  # in the pipeline; from 1, without gaps among those that are not removed
    made_at: datetime
    removed_at: datetime | None = None


class StageMove(VaultTable, table=True):
    """One contact's step from a stage (or none) to another (or none): what conversion is counted from."""

    __tablename__ = "stage_moves"

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = Field(foreign_key="contacts.id", ondelete="CASCADE", index=True)
    from_id: int | None = Field(default=None, foreign_key="stages.id", ondelete="CASCADE")
    to_id: int | None = Field(default=None, foreign_key="stages.id", ondelete="CASCADE")
    moved_at: datetime = Field(index=True)
    moved_by: int = Field(sa_type=TelegramId)


async def in_order(session: AsyncSession) -> Sequence[Stage]:
    """The pipeline."""
    return (await session.exec(select(Stage).where(col(Stage.removed_at).is_(None)).order_by(col(Stage.place)))).all()


async def counted(session: AsyncSession) -> dict[int | None, int]:
    """How many contacts stand in each stage; None: in no stage."""
    query = select(col(Contact.stage_id), func.count()).where(col(Contact.telegram_id) > 0, LISTED)
    return dict((await session.exec(query.group_by(col(Contact.stage_id)))).all())


async def page(session: AsyncSession, stage_id: int, *, offset: int, limit: int) -> Sequence[tuple[Contact, datetime]]:
    """Who stands in a stage, and since when: the last to come first."""
    since = select(func.max(StageMove.moved_at)).where(col(StageMove.contact_id) == col(Contact.id)).scalar_subquery()
    query = select(Contact, since).where(col(Contact.stage_id) == stage_id, LISTED)
    return (await session.exec(query.order_by(since.desc(), col(Contact.id)).offset(offset).limit(limit))).all()


async def move(session: AsyncSession, moves: Sequence[StageMove]) -> None:
    """Let contacts stand where these moves lead them, and remember the moves."""
    for one in moves:
        here = col(Contact.id) == one.contact_id
        await session.exec(update(Contact).where(here).values(stage_id=one.to_id))
    session.add_all(moves)
    await session.flush()


async def standing_in(session: AsyncSession, stage_id: int) -> Sequence[int]:
    """The ids of all contacts in a stage."""
    return (await session.exec(select(Contact.id).where(col(Contact.stage_id) == stage_id))).all()  # type: ignore[return-value]


async def moves_of(session: AsyncSession, contact_id: int) -> Sequence[tuple[StageMove, str | None, str | None]]:
    """A contact's steps, the earliest first, each with the names of the stages that it led from and to."""
    before, behind = aliased(Stage), aliased(Stage)
    query = (
        select(StageMove, before.name, behind.name)
        .outerjoin(before, col(before.id) == col(StageMove.from_id))
        .outerjoin(behind, col(behind.id) == col(StageMove.to_id))
        .where(col(StageMove.contact_id) == contact_id)
    )
    return (await session.exec(query.order_by(col(StageMove.moved_at), col(StageMove.id)))).all()


async def moved_away(session: AsyncSession, stage: Stage) -> Sequence[StageMove]:
    """The moves that emptied a stage when it was removed, of those contacts that have not moved again since."""
    newest = select(func.max(StageMove.id)).group_by(col(StageMove.contact_id))
    query = select(StageMove).where(
        col(StageMove.from_id) == stage.id,
        col(StageMove.moved_at) == stage.removed_at,
        col(StageMove.id).in_(newest),
    )
    return (await session.exec(query)).all()


async def arrange(session: AsyncSession, stage_ids: Sequence[int]) -> None:
    """Put the stages in this order."""
    if stage_ids:
        places = case({stage_id: place for place, stage_id in enumerate(stage_ids, 1)}, value=col(Stage.id))
        await session.exec(update(Stage).where(col(Stage.id).in_(stage_ids)).values(place=places))

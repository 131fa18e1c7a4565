"""What members filter their contacts by, as a condition of the database; and what a change of many has changed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, delete, func
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import masks
from storage.columns import Json, VaultTable
from storage.contacts import LISTED, Contact, carries
from storage.conversations import Conversation
from storage.fields import CustomField, FieldValue
from storage.jobs import Job
from storage.queues import Queue, standing_in


class BulkStep(VaultTable, table=True):
    """What one contact had before a change of many, for the undo of the whole."""

    __tablename__ = "bulk_steps"

    job_id: int = Field(primary_key=True, foreign_key="jobs.id", ondelete="CASCADE")
    contact_id: int = Field(primary_key=True, foreign_key="contacts.id", ondelete="CASCADE")
    before: Json = Field(default_factory=dict, sa_type=JSON)


@dataclass(frozen=True, slots=True)
class Sieve:
    """What a contact must be to pass: all of it."""

    tags: list[int] = field(default_factory=list)  # carried, by the contact or a conversation
    without: list[int] = field(default_factory=list)
    stage: int | None = None  # 0: none
    queue: str = ""  # one of Queue
    fields: dict[str, str | int | None] = field(default_factory=dict)  # id → a choice, 1 or 0; None: filled in

    def facts(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)

    @property
    def empty(self) -> bool:
        """Whether everybody passes."""
        return self == Sieve()

    def conditions(self, person_id: int) -> list[ColumnElement[bool]]:
        """The same for the database; some queues are a member's own."""
        found: list[ColumnElement[bool]] = [LISTED, col(Contact.telegram_id) > 0]
        found += [carries(tag) for tag in self.tags]
        found += [~carries(tag) for tag in self.without]
        if self.stage is not None:
            found.append(col(Contact.stage_id) == self.stage if self.stage else col(Contact.stage_id).is_(None))
        if self.queue:
            there = select(Conversation.contact_id).where(standing_in(Queue(self.queue), person_id))
            found.append(col(Contact.id).in_(there))
        return [*found, *(_holds(int(number), value) for number, value in self.fields.items())]


def _holds(field_id: int, value: str | int | None) -> ColumnElement[bool]:
    there = select(FieldValue.contact_id).join(CustomField, col(CustomField.id) == col(FieldValue.field_id))
    there = there.where(col(CustomField.id) == field_id, col(CustomField.removed_at).is_(None))
    if isinstance(value, str):
        there = there.where(col(FieldValue.text) == value)
    elif value is not None:
        there = there.where(col(FieldValue.amount) > 0 if value else col(FieldValue.amount) == 0)
    return col(Contact.id).in_(there)


async def count(session: AsyncSession, sieve: Sieve, person_id: int) -> int:
    """How many pass."""
    return (await session.exec(select(func.count()).select_from(Contact).where(*sieve.conditions(person_id)))).one()


async def some(session: AsyncSession, sieve: Sieve, person_id: int, limit: int) -> Sequence[Contact]:
    """The first of those who pass, by name; under a mask by number."""
    order = [col(Contact.name_key)] if masks.worn(session) is None else []
    query = select(Contact).where(*sieve.conditions(person_id)).order_by(*order, col(Contact.id))
    return (await session.exec(query.limit(limit))).all()


async def everybody(session: AsyncSession, sieve: Sieve, person_id: int) -> list[int]:
    """The ids of all who pass."""
    query = select(Contact.id).where(*sieve.conditions(person_id)).order_by(col(Contact.id))
    return [one for one in await session.exec(query) if one is not None]


async def steps(session: AsyncSession, job_id: int, limit: int) -> Sequence[BulkStep]:
    """Some of those whom a change has changed."""
    return (await session.exec(select(BulkStep).where(col(BulkStep.job_id) == job_id).limit(limit))).all()


async def steps_left(session: AsyncSession, job_id: int) -> int:
    """How many a change has changed, and no undo has changed back."""
    query = select(func.count()).select_from(BulkStep).where(col(BulkStep.job_id) == job_id)
    return (await session.exec(query)).one()


async def purge(session: AsyncSession, before: datetime) -> None:
    """Forget how to undo the changes of many that ended before this moment."""
    ended = select(Job.id).where(col(Job.ended_at) < before)
    await session.exec(delete(BulkStep).where(col(BulkStep.job_id).in_(ended)))

"""Fields of the workspace's own on each contact, and what stands in them."""

import operator
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ColumnElement, and_, delete, func, literal
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import TelegramId, VaultTable
from storage.contacts import LISTED, Contact
from storage.search_text import folded

COMPARED = {"=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
UNITS = 10_000  # of an amount in one: exact to the fourth place, and summed as whole numbers


class Kind(StrEnum):
    """What a field takes."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yesno"


class CustomField(VaultTable, table=True):
    """One field; a removed one keeps its values until the purge, for the undo."""

    __tablename__ = "fields"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    kind: str  # one of Kind
    place: int  # on the card; from 1
    currency: str | None = None  # of money that is written without one; ISO 4217
    choices: list[str] = Field(default_factory=list, sa_type=JSON)
    made_at: datetime
    removed_at: datetime | None = None


class FieldValue(VaultTable, table=True):
    """What stands in a field of a contact: in the column that its kind wants, the others empty."""

    __tablename__ = "field_values"

    contact_id: int = Field(primary_key=True, foreign_key="contacts.id", ondelete="CASCADE")
    field_id: int = Field(primary_key=True, foreign_key="fields.id", ondelete="CASCADE", index=True)
    text: str | None = None  # also a choice
    folded: str | None = None  # the same as `storage.search_text` folds it, by which it is compared
    amount: int | None = Field(
        default=None, sa_type=TelegramId
    )  # a number or money in UNITS of one; yes is one, no is zero
    currency: str | None = None
    day: date | None = None
    set_at: datetime
    set_by: int = Field(sa_type=TelegramId)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What must stand in a field, or must not: something at all, these words, this amount or day, or one within ends.

    Amounts are in UNITS of one, days in ISO form.
    """

    field_id: int
    words: str = ""  # of a text or a choice: these, or what begins like them, among others
    sign: str = ""  # "=", "<", "<=", ">", ">=", ".." for both ends, "" where no amount or day is meant
    low: str | int | None = None
    high: str | int | None = None  # of ".." alone
    currency: str | None = None
    without: bool = False

    def met_by(self, contact: Any) -> ColumnElement[bool]:
        """The condition for the column of a contact's id."""
        there = select(FieldValue.contact_id).where(col(FieldValue.field_id) == self.field_id, *self._conditions())
        return contact.not_in(there) if self.without else contact.in_(there)  # type: ignore[no-any-return]  # a column

    def _conditions(self) -> Iterator[ColumnElement[bool]]:
        if self.currency:
            yield col(FieldValue.currency) == self.currency
        if self.words:
            yield func.instr(literal(" ").concat(col(FieldValue.folded)), f" {folded(self.words)}") > 0
        if self.sign == "..":
            yield self._column(self.low).between(_of_column(self.low), _of_column(self.high))
        elif self.sign:
            yield COMPARED[self.sign](self._column(self.low), _of_column(self.low))

    @staticmethod
    def _column(value: str | int | None) -> Any:
        return col(FieldValue.day) if isinstance(value, str) else col(FieldValue.amount)


def _of_column(value: str | int | None) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) else value


async def in_order(session: AsyncSession) -> Sequence[CustomField]:
    """The fields as the card shows them."""
    query = select(CustomField).where(col(CustomField.removed_at).is_(None)).order_by(col(CustomField.place))
    return (await session.exec(query)).all()


async def of_contact(session: AsyncSession, contact_id: int) -> Sequence[tuple[CustomField, FieldValue | None]]:
    """Every field with what stands in it for one contact."""
    theirs = and_(col(FieldValue.field_id) == col(CustomField.id), col(FieldValue.contact_id) == contact_id)
    query = (
        select(CustomField, FieldValue)
        .join(FieldValue, theirs, isouter=True)
        .where(col(CustomField.removed_at).is_(None))
        .order_by(col(CustomField.place))
    )
    return (await session.exec(query)).all()


async def words(session: AsyncSession, contact_ids: Collection[int]) -> dict[int, list[str]]:
    """What stands in the fields of contacts, as the search may find it: texts, and amounts as plain numbers."""
    query = (
        select(FieldValue)
        .join(CustomField, col(CustomField.id) == col(FieldValue.field_id))
        .where(col(FieldValue.contact_id).in_(contact_ids), col(CustomField.removed_at).is_(None))
        .where(col(CustomField.kind).in_([Kind.TEXT, Kind.CHOICE, Kind.NUMBER, Kind.MONEY]))
    )
    found: dict[int, list[str]] = {}
    for value in await session.exec(query):
        text = value.text if value.amount is None else f"{Decimal(value.amount) / UNITS:f}"
        found.setdefault(value.contact_id, []).append(text or "")
    return found


async def filled_in(session: AsyncSession, field_id: int) -> Sequence[int]:
    """The contacts in whose field something stands."""
    return (await session.exec(select(FieldValue.contact_id).where(col(FieldValue.field_id) == field_id))).all()


async def uses(session: AsyncSession) -> dict[int, int]:
    """For how many contacts each field is filled in."""
    query = select(FieldValue.field_id, func.count()).group_by(col(FieldValue.field_id))
    return dict((await session.exec(query)).all())


async def put(session: AsyncSession, value: FieldValue) -> None:
    """Let this stand in the field, whatever stood there."""
    row = value.model_dump()
    changes = {name: row[name] for name in row if name not in {"contact_id", "field_id"}}
    statement = insert(FieldValue).values(row)
    await session.exec(statement.on_conflict_do_update(index_elements=["contact_id", "field_id"], set_=changes))


async def sums(session: AsyncSession, field_id: int) -> Mapping[int, Mapping[str, int]]:
    """What a money field comes to in each stage, by currency, in UNITS of one."""
    query = (
        select(col(Contact.stage_id), col(FieldValue.currency), func.sum(col(FieldValue.amount)))
        .join(FieldValue, col(FieldValue.contact_id) == col(Contact.id))
        .where(col(FieldValue.field_id) == field_id, col(Contact.stage_id).is_not(None), LISTED)
        .group_by(col(Contact.stage_id), col(FieldValue.currency))
        .order_by(col(FieldValue.currency))
    )
    found: dict[int, dict[str, int]] = {}
    rows: Any = await session.exec(query)
    for stage_id, currency, amount in rows:
        found.setdefault(stage_id, {})[currency] = amount
    return found


async def purge(session: AsyncSession, before: datetime) -> int:
    """Drop for good the fields that were removed before this moment, with what stood in them. Returns how many."""
    gone = delete(CustomField).where(col(CustomField.removed_at) < before).returning(col(CustomField.id))
    return len((await session.exec(gone)).all())

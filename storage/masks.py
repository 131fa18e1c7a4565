"""Masks: what a session shows in place of who a client is, to a member from whom that is hidden.

A mask is put on rows as they leave the vault for his desk, so no screen can forget it. A contact keeps its row number,
its stage and all that the team wrote; its names, phones and ids give way to a code of few signs. The code is the row
number, stirred with a key of the vault: no two contacts share one, it stays as long as the contact does, and nothing of
Telegram goes into it. Who only wrote in a group has no row of his own; his code is a keyed hash.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import prod
from typing import Any, Protocol

from sqlalchemy import Column, ScalarSelect, SelectBase, event
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql.selectable import AliasedReturnsRows
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.audit import AuditEntry
from storage.columns import VaultTable
from storage.contacts import HIDDEN, Contact, name_key
from storage.messages import Message, Version

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is taken for another
LOOKALIKES = str.maketrans("OIL", "011")
BITS = 5  # of one sign, where any may stand
SHORTEST = 3  # signs; where so many do not suffice, further contacts have one more
LONGEST = 8
ROUNDS = 4
WRITER = 6  # signs of who has no row of his own
HASH = 7  # bytes of a number in place of a Telegram id
SHOWN = {  # of what a message carries besides its words; whatever is not named here may say who somebody is
    "quote", "service", "call", "location", "venue", "poll", "dice", "sticker", "checklist", "game", "invoice",
    "giveaway", "giveaway_winners", "paid_media", "reply_to_story", "self_destructing",
}  # fmt: skip
TELLING = {  # columns that no query under a mask takes alone: a row wears the mask, a bare column would not
    "contacts": {"telegram_id", "migrated_from", "first_name", "last_name", "name_key", "username", "phone"},
    "messages": {"peer_id", "sender_id", "extra"},
    "senders": {"id", "name"},
    "contact_phones": {"phone"},
}
BARE = {"bare": True}  # the execution options of a query that may, since what it finds is never shown as it stands
_WORN = "mask"


class Who(StrEnum):
    """What somebody is called whose name is hidden."""

    CLIENT = "client"
    GROUP = "group"
    WRITER = "writer"  # in a group
    SOMEBODY = "somebody"  # of whom there is no code


class Naming(Protocol):
    """A name for somebody with this code, in words of this language."""

    def __call__(self, who: Who, code: str, language: str | None) -> str: ...


@dataclass(frozen=True, slots=True)
class Mask:
    """One reader's: the vault's key for codes, and words of his language."""

    key: bytes = field(repr=False)
    naming: Naming
    language: str | None

    def called(self, contact: Contact) -> str:
        """What a contact is called under this mask."""
        who = Who.GROUP if contact.is_group else Who.CLIENT
        return self.naming(who, code(self.key, contact.merged_into or contact.id or 0), self.language)

    def writer(self, number: int) -> str:
        """What somebody is called who wrote in a group, by the number that `put_on` has given him."""
        return self.naming(Who.WRITER, _spelt(abs(number) % (1 << WRITER * BITS), WRITER), self.language)

    def put_on(self, row: object) -> None:
        """Let a row of a session say no more who somebody is. Nothing of that is ever written."""
        if isinstance(row, Contact) and not row.hidden:
            name, number = self.called(row), HIDDEN + (row.id or 0)
            facts: dict[str, Any] = {"first_name": name, "name_key": name_key(name)}
            facts |= dict.fromkeys(("last_name", "username", "phone", "migrated_from"))
            _show(row, telegram_id=-number if row.is_group else number, **facts)
        elif isinstance(row, Message) and abs(row.peer_id) < HIDDEN:
            sender = row.sender_id if row.outgoing else self._number(row.sender_id)
            _show(row, peer_id=self._number(row.peer_id), sender_id=sender, reactions=self._reactions(row))
            _show(row, extra=self._extra(row.extra), entities=_entities(row.entities))
        elif isinstance(row, Version):
            _show(row, entities=_entities(row.entities))

    def _number(self, telegram_id: int) -> int:
        """One that stands for a Telegram id, of the same sign."""
        number = HIDDEN + int.from_bytes(hmac.digest(self.key, b"id:%d" % telegram_id, "sha256")[:HASH])
        return -number if telegram_id < 0 else number

    def _reactions(self, row: Message) -> list[dict[str, Any]]:
        def by(one: int) -> int:
            return one if one == row.account_id else self._number(one)

        return [{**one, "by": [by(who) for who in one["by"]]} if one.get("by") else one for one in row.reactions]

    def _extra(self, extra: dict[str, Any]) -> dict[str, Any]:
        somebody = self.naming(Who.SOMEBODY, "", self.language)
        shown = {name: value for name, value in extra.items() if name in SHOWN}
        if "forward" in extra:
            shown["forward"] = {**{key: value for key, value in extra["forward"].items() if key == "date"}}
            shown["forward"]["name"] = somebody
        return shown | ({"reply_from": somebody} if "reply_from" in extra else {})


def wear(session: AsyncSession, mask: Mask | None) -> None:
    """Let every row that this session loads from now on wear the mask. It is to read only."""
    if mask is not None:
        session.info[_WORN] = mask
        event.listen(session.sync_session, "loaded_as_persistent", lambda _session, row: mask.put_on(row))
        event.listen(session.sync_session, "do_orm_execute", _refuse_bare)


def _refuse_bare(state: ORMExecuteState) -> None:
    if not state.execution_options.get("bare"):
        for one in getattr(state.statement, "column_descriptions", ()):
            if one["expr"] is not one["entity"] and any(_tells(part) for part in _parts(one["expr"])):
                raise RuntimeError(f"{one['name']} would be told without a mask")


def _parts(expression: Any) -> Iterator[Any]:
    """What a column is made of, but for the subqueries in it."""
    clause = expression.__clause_element__() if hasattr(expression, "__clause_element__") else expression
    yield clause
    for part in clause.get_children():
        if not isinstance(part, ScalarSelect | SelectBase):
            yield from _parts(part)


def _tells(part: Any) -> bool:
    table = getattr(part, "table", None)
    while isinstance(table, AliasedReturnsRows):
        table = table.element
    return isinstance(part, Column) and part.key in TELLING.get(getattr(table, "name", ""), ())


def worn(session: AsyncSession) -> Mask | None:
    """The mask of a session; queries for less than whole rows look here."""
    found: Mask | None = session.info.get(_WORN)
    return found


def cover(mask: Mask | None, rows: Iterable[object]) -> None:
    """Put a mask on rows when they are written."""
    if mask is not None:
        for row in rows:
            mask.put_on(row)


def code(key: bytes, number: int) -> str:
    """The code of a row number: a digit, a letter, and a sign or more, so that it is known for a code."""
    length = SHORTEST
    while number >= _size(length):
        number -= _size(length)
        length += 1
    stirred, signs = _walked(key, number, length, range(ROUNDS)), ""
    for some in reversed(_places(length)):
        stirred, at = divmod(stirred, len(some))
        signs = some[at] + signs
    return signs


def number_of(key: bytes, typed: str) -> int | None:
    """The row number behind a code, as somebody writes it; None where it is none."""
    signs = typed.strip().upper().translate(LOOKALIKES)
    places = _places(len(signs))
    if not SHORTEST <= len(signs) <= LONGEST or any(sign not in some for sign, some in zip(signs, places, strict=True)):
        return None
    stirred = 0
    for sign, some in zip(signs, places, strict=True):
        stirred = stirred * len(some) + some.index(sign)
    return _walked(key, stirred, len(signs), range(ROUNDS)[::-1]) + sum(map(_size, range(SHORTEST, len(signs))))


def _places(length: int) -> list[str]:
    """What may stand at each place of a code."""
    return [SIGNS[:10], SIGNS[10:], *[SIGNS] * (length - 2)][:length]


def _size(length: int) -> int:
    """How many codes there are of this length."""
    return prod(map(len, _places(length)))


def _walked(key: bytes, number: int, length: int, rounds: Sequence[int]) -> int:
    """Another number below the same size, and of each another: what is stirred out of it is stirred on."""
    size = _size(length)
    number = _stirred(key, number, size.bit_length(), rounds)
    while number >= size:
        number = _stirred(key, number, size.bit_length(), rounds)
    return number


def _stirred(key: bytes, number: int, bits: int, rounds: Sequence[int]) -> int:
    """Another number of so many bits, and of each another: a Feistel network. Its rounds in reverse take it back."""
    half = bits // 2
    low, high = number & ((1 << half) - 1), number >> half
    for one in rounds:
        if one % 2:
            low ^= _drawn(key, one, bits, high) & ((1 << half) - 1)
        else:
            high ^= _drawn(key, one, bits, low) & ((1 << bits - half) - 1)
    return high << half | low


def _drawn(key: bytes, *of: int) -> int:
    return int.from_bytes(hmac.digest(key, b"code:%d:%d:%d" % of, "sha256")[:4])


def _spelt(number: int, length: int) -> str:
    return "".join(SIGNS[number >> BITS * place & (1 << BITS) - 1] for place in reversed(range(length)))


def _entities(entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What leads to somebody, leads nowhere."""
    return [one for one in entities if one.get("type") != "text_mention"]


def _show(row: object, **values: Any) -> None:
    for name, value in values.items():
        set_committed_value(row, name, value)


def masked(mask: Mask | None, table: type[VaultTable], row: dict[str, Any]) -> dict[str, Any]:
    """The columns of a row, as whoever wears this mask may see them."""
    if mask is not None and table is AuditEntry:
        return {**row, "facts": {name: fact for name, fact in row["facts"].items() if name != "peer"}}
    if mask is None or table not in _MASKED:
        return row
    one = table(**{name: value for name, value in row.items() if name in table.model_fields})
    mask.put_on(one)
    return {name: getattr(one, name, value) for name, value in row.items()}


_MASKED = (Contact, Message, Version)

"""One row of a file as a person: what is understood of it, and what is not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from crm import fields, names, phones
from crm.access import Room
from crm.contacts_in import columns
from crm.contacts_in.columns import NOTE, OWN, SKIP
from crm.contacts_in.tables import Row
from crm.errors import Invalid
from crm.fields import Notation
from storage.contacts import NOT_AT_TELEGRAM
from storage.fields import UNITS, CustomField, Kind
from storage.search_text import folded
from storage.stages import Stage

LONGEST = 128  # characters of a name
DIGITS = range(5, 16)  # of a phone number (E.164)
YES = frozenset({"yes", "y", "true", "1", "x", "+", "✓", "да", "так", "ja", "oui", "sí", "si", "sì", "sim", "tak"})
NO = frozenset({"no", "n", "false", "0", "-", "нет", "ні", "nein", "non", "não", "nie"})
_USERNAME = re.compile(r"(?:(?:https?://)?(?:t|telegram)\.me/)?@?([A-Za-z]\w{3,31})/?", re.ASCII | re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{2,8})?")
_TAGS = re.compile(r"[,;|\n]")
_PHONES = re.compile(r"[;|\n]|:::")


class Lack(StrEnum):
    """What was not understood of a row; the row comes without it, save where nobody is left."""

    NOBODY = "nobody"  # neither name nor username nor phone
    CARD = "card"
    NUMBER, USERNAME, PHONE, LANGUAGE, TAG, STAGE, FIELD = (
        "id",
        "username",
        "phone",
        "language",
        "tag",
        "stage",
        "field",
    )


@dataclass(slots=True)
class Person:
    """What a row says: of the contact's own columns, and beside them."""

    line: int
    telegram_id: int | None = None
    facts: dict[str, str] = field(default_factory=dict)  # first_name, last_name, username, phone, language
    phones: list[str] = field(default_factory=list)  # beside the one in the facts
    tags: list[str] = field(default_factory=list)
    stage_id: int | None = None
    note: str = ""
    fields: dict[int, dict[str, Any]] = field(default_factory=dict)  # field → the columns of a value
    lacks: list[Lack] = field(default_factory=list)

    @property
    def somebody(self) -> bool:
        """Whether it says who it is."""
        return self.telegram_id is not None or any(self.facts.get(name) for name in ("first_name", "username", "phone"))


@dataclass(frozen=True, slots=True)
class Understanding:
    """By what rows are understood: the columns, and what the workspace has of its own."""

    room: Room
    columns: Sequence[str]
    fields: Mapping[int, CustomField]
    stages: Sequence[Stage]
    notation: Notation
    phone: str | None  # of an account: where a number without a country is from

    def person(self, row: Row) -> Person:
        """What is understood of a row."""
        one, notes = Person(row.line), []
        for target, cell in zip(self.columns, row.cells, strict=False):
            if target == SKIP or not cell:
                continue
            if target == NOTE:
                notes.append(cell)
            elif target.startswith(OWN) and target[1:].isdigit():
                self._own(one, int(target[1:]), cell)
            else:
                self._take(one, target, cell)
        one.note = "\n\n".join(notes)
        if not one.somebody:
            one.lacks.append(Lack.NOBODY)
        elif not one.facts.get("first_name"):
            name = one.facts.pop("last_name", "") or one.facts.get("username") or one.facts.get("phone", "")
            one.facts |= {"first_name": name} if name else {}
        return one

    def _take(self, one: Person, target: str, cell: str) -> None:
        plain = " ".join(cell.split())
        match target:
            case columns.NAME:
                first, _space, last = plain.partition(" ")
                one.facts.setdefault("first_name", first[:LONGEST])
                if last:
                    one.facts.setdefault("last_name", last[:LONGEST])
            case columns.FIRST | columns.LAST:
                one.facts[f"{target}_name"] = plain[:LONGEST]
            case columns.TAGS:
                self._tags(one, cell)
            case columns.PHONE:
                self._phones(one, cell)
            case columns.STAGE:
                found = [stage.id for stage in self.stages if names.key(stage.name) == names.key(plain)]
                one.stage_id = found[0] if found else None
                one.lacks += [] if found else [Lack.STAGE]
            case columns.NUMBER:
                sound = plain.isascii() and plain.isdecimal() and 0 < int(plain[:17]) < 2 * NOT_AT_TELEGRAM
                one.telegram_id = int(plain) if sound else None
                one.lacks += [] if sound else [Lack.NUMBER]
            case _:
                value = {"username": username, "language": language}[target](plain)
                one.facts |= {target: value} if value else {}
                one.lacks += [] if value else [Lack(target)]

    def _tags(self, one: Person, cell: str) -> None:
        for word in _TAGS.split(cell):
            try:
                one.tags += [names.proper(word, "tag")] if word.strip() else []
            except Invalid:
                one.lacks.append(Lack.TAG)

    def _phones(self, one: Person, cell: str) -> None:
        """The first is the main one."""
        for written in (part.strip() for part in _PHONES.split(cell)):
            phone = self._phone(" ".join(written.split())) if written else None
            if phone and phone != one.facts.setdefault("phone", phone) and phone not in one.phones:
                one.phones.append(phone)
            one.lacks += [Lack.PHONE] if written and not phone else []

    def _phone(self, written: str) -> str | None:
        digits = "".join(sign for sign in written if sign.isdecimal() and sign.isascii())
        whole = f"+{digits}" if written.startswith("+") else written
        return phones.recognise(whole, self.phone) or (f"+{digits}" if len(digits) in DIGITS else None)

    def _own(self, one: Person, field_id: int, cell: str) -> None:
        own = self.fields.get(field_id)
        if own is None:
            return
        try:
            one.fields[field_id] = self._value(own, cell)
        except Invalid:
            one.lacks.append(Lack.FIELD)

    def _value(self, own: CustomField, cell: str) -> dict[str, Any]:
        word = names.key(" ".join(cell.split()))
        if own.kind == Kind.YES_NO and word in YES | NO:
            return {"amount": UNITS if word in YES else 0}
        chosen = [choice for choice in own.choices if names.key(choice) == word] if own.kind == Kind.CHOICE else []
        return (
            {"text": chosen[0], "folded": folded(chosen[0])}
            if chosen
            else fields.read_value(self.room, own, cell, self.notation)
        )


def username(written: str) -> str | None:
    """A username, out of whatever people write around it."""
    found = _USERNAME.fullmatch(written)
    return found[1] if found else None


def language(written: str) -> str | None:
    """The code of a language, as Telegram writes it."""
    return written.replace("_", "-").lower() if _LANGUAGE.fullmatch(written) else None

"""What a filter wants of a field of the workspace's own: budget:>1000, city:Berlin, vip:yes, born:<1.5.1990, city:*."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

from crm import fields
from crm.access import Desk
from crm.errors import Invalid
from crm.fields import Notation
from crm.search.days import bounds
from storage.fields import UNITS, CustomField, Kind, Wanted
from storage.search_text import folded

ANYTHING = "*"
_COMPARED = re.compile(r"(?P<sign>[<>]=?|=)?\s*(?P<value>.+)", re.DOTALL)
SIGNS = {"≥": ">=", "≤": "<=", "…": ".."}


def wanted(desk: Desk, field: CustomField, typed: str, notation: Notation) -> Wanted:
    """What was typed behind a field's name; of yes and no, `yes` and `no`. Raises Invalid as `crm.values` does."""
    if typed == ANYTHING:
        return Wanted(field.id or 0)
    for sign, plain in SIGNS.items():
        typed = typed.replace(sign, plain)
    if Kind(field.kind) in {Kind.TEXT, Kind.CHOICE}:
        return _words(field, typed)
    if field.kind == Kind.YES_NO:
        return _yes_or_no(field, typed)
    if ".." in typed:
        low, high = (_value(desk, field, end, notation) for end in typed.split("..", 1))
        return Wanted(field.id or 0, sign="..", high=high["low"], **low)
    found = _COMPARED.fullmatch(typed)
    if found is None:
        raise Invalid("value", "empty")
    return Wanted(field.id or 0, sign=found["sign"] or "=", **_value(desk, field, found["value"], notation))


def _words(field: CustomField, typed: str) -> Wanted:
    if not folded(typed):
        raise Invalid("value", "empty")
    return Wanted(field.id or 0, words=typed)


def _yes_or_no(field: CustomField, typed: str) -> Wanted:
    if typed not in {"yes", "no"}:
        raise Invalid("value", "choice")
    return Wanted(field.id or 0, sign="=", low=UNITS if typed == "yes" else 0)


def _value(desk: Desk, field: CustomField, typed: str, notation: Notation) -> dict[str, Any]:
    if field.kind == Kind.DATE:
        return {"low": _day(desk, typed)}
    facts = fields.read_value(desk, field, typed.strip(), notation)
    return {"low": facts["amount"], "currency": facts.get("currency")}


def _day(desk: Desk, typed: str) -> str:
    """As the search reads days, save that one without its year is of this one, as where the field is filled in."""
    now, zone = desk.installation.clock.now(), desk.workspace.zone
    try:
        return fields.day(desk, typed).isoformat()
    except Invalid:
        since, _until = bounds(typed, now, zone, desk.person.language or "")
        if since is None:
            raise
        return since.astimezone(ZoneInfo(zone)).date().isoformat()

"""What stands in a field, and how the reader writes it."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from babel.dates import format_date
from babel.numbers import (
    format_currency,
    format_decimal,
    get_currency_name,
    get_currency_symbol,
    get_decimal_symbol,
    list_currencies,
)

from crm.fields import Notation
from handlers.language import _, current
from storage.fields import UNITS, CustomField, FieldValue, Kind

EVERYDAY = {"руб": "RUB", "р": "RUB", "грн": "UAH", "zl": "PLN", "zł": "PLN", "kč": "CZK"}  # what people write
SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "₽": "RUB", "₴": "UAH", "₸": "KZT", "¥": "JPY", "₺": "TRY", "₾": "GEL"}


def notation() -> Notation:
    """How the reader writes numbers and money."""
    return _notation(current().language)


@cache
def _notation(language: str) -> Notation:
    codes = {code.casefold(): code for code in list_currencies()}
    signs = {get_currency_symbol(code, language).casefold(): code for code in codes.values()}
    words = {
        get_currency_name(code, count, language).casefold(): code for code in codes.values() for count in (1, 2, 5)
    }
    return Notation(get_decimal_symbol(language), {**words, **signs, **SIGNS, **EVERYDAY, **codes})


def money(units: int, currency: str) -> str:
    """An amount in UNITS of one, as the reader writes it; whole ones without a fraction."""
    amount = Decimal(units) / UNITS
    whole = amount == amount.to_integral_value()
    shown = format_currency(amount, currency, locale=current().language)
    zeros = f"{get_decimal_symbol(current().language)}00"
    return shown.replace(zeros, "") if whole else shown


def value_text(field: CustomField, value: FieldValue | None) -> str:
    """What stands there, as plain text; empty where nothing does."""
    if value is None:
        return ""
    match Kind(field.kind):
        case Kind.NUMBER:
            amount = Decimal(value.amount or 0) / UNITS
            return format_decimal(amount.normalize(), locale=current().language, decimal_quantization=False)
        case Kind.MONEY:
            return money(value.amount or 0, value.currency or "EUR")
        case Kind.DATE:
            return format_date(value.day, format="medium", locale=current().language)
        case Kind.YES_NO:
            return _("yes") if value.amount else _("no")
        case Kind.TEXT | Kind.CHOICE:
            return " ".join((value.text or "").split())


def kind_of_field(kind: Kind) -> str:
    """What a field takes, as a button says it."""
    return {
        Kind.TEXT: _("🔤 Text"),
        Kind.NUMBER: _("🔢 Number"),
        Kind.MONEY: _("💶 Money"),
        Kind.DATE: _("📅 Date"),
        Kind.CHOICE: _("☑️ Choice"),
        Kind.YES_NO: _("👍 Yes or no"),
    }[kind]

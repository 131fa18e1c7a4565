"""Buttons: fields of the workspace's own."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number


class FieldSheet(CallbackData, prefix="fs"):
    """All fields of a contact."""

    contact: Number


class AskValue(CallbackData, prefix="fa"):
    """Ask what is to stand in a field of a contact."""

    contact: Number
    id: Number


class PutChoice(CallbackData, prefix="fp"):
    """Let one of a field's choices stand there; of yes and no, yes is 1."""

    contact: Number
    id: Number
    choice: Number


class ClearValue(CallbackData, prefix="fc"):
    """Let nothing stand in a field of a contact."""

    contact: Number
    id: Number


class FieldsMenu(CallbackData, prefix="fm"):
    """The fields, to be changed."""


class FieldCard(CallbackData, prefix="fk"):
    """One field, to be changed."""

    id: Number


class NewField(CallbackData, prefix="fn"):
    """Ask for a new field: what it takes, for money in which currency, then its name."""

    kind: str = ""
    currency: str = ""


class RenameField(CallbackData, prefix="fr"):
    """Ask for another name."""

    id: Number


class OfferChoices(CallbackData, prefix="fo"):
    """Ask for other choices."""

    id: Number


class ShiftField(CallbackData, prefix="fh"):
    """Let a field come later, or earlier."""

    id: Number
    later: bool


class SumField(CallbackData, prefix="fu"):
    """Let the board show what a money field comes to, or no longer."""

    id: Number
    on: bool


class RemoveField(CallbackData, prefix="fx"):
    """Remove a field with all that stands in it; asked first."""

    id: Number
    sure: bool = False


class RestoreField(CallbackData, prefix="fz"):
    """Bring a removed field back, with all that stood in it."""

    id: Number

"""Buttons: people from another program's file. `file` is the message that it came in, so that an old screen is one."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number


class ContactsIn(CallbackData, prefix="ki"):
    """What to send; from there on it may be sent."""


class FileColumns(CallbackData, prefix="kc"):
    """The columns of the file, each with what it is."""

    file: Number


class FileColumn(CallbackData, prefix="kd"):
    """What one column could be."""

    file: Number
    at: Number


class ChooseColumn(CallbackData, prefix="kf"):
    """Let it be that: one of crm.contacts_in.columns, or a field's own."""

    file: Number
    at: Number
    target: str = ""


class LookIn(CallbackData, prefix="kl"):
    """What would become of the file."""

    file: Number


class TakeIn(CallbackData, prefix="kt"):
    """Take it in; `doubles` says what becomes of who is here already."""

    file: Number
    doubles: str


class TakeBackContacts(CallbackData, prefix="kb"):
    """Undo what this job has taken in."""

    job: Number

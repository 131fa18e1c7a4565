"""Buttons: what was promised."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number


class ReminderList(CallbackData, prefix="Rl"):
    """Reminders of one kind (none: what is most urgent), one's own or everybody's, or a contact's; one page."""

    which: str = ""
    everybody: bool = False
    contact: Number = 0
    page: Number = 0


class ReminderCard(CallbackData, prefix="Rr"):
    """One reminder."""

    id: Number


class AskReminder(CallbackData, prefix="Ra"):
    """Ask what was promised, and when: from a message, a note, or a contact's card; `at`: a moment that was offered."""

    contact: Number = 0
    message: Number = 0
    note: Number = 0
    at: Number = 0


class AgreeReminder(CallbackData, prefix="Ry"):
    """Let a reminder count from now on, at this moment (seconds since 1970), and again as this says."""

    id: Number
    at: Number
    repeats: str = ""


class RetimeReminder(CallbackData, prefix="Rt"):
    """Ask for another time."""

    id: Number


class RewordReminder(CallbackData, prefix="Rw"):
    """Ask for other words."""

    id: Number


class RepeatReminder(CallbackData, prefix="Re"):
    """Ask how often it comes again."""

    id: Number
    at: Number


class RepeatOnDays(CallbackData, prefix="Rq"):
    """Choose the days of the week on which it comes again: those in `days` are, with a digit each, 1 for Monday."""

    id: Number
    at: Number
    days: Number = 0


class GiveReminder(CallbackData, prefix="Rg"):
    """Who is to be told: a member, or (0) the one who is chosen from a page of the team."""

    id: Number
    to: Number = 0
    page: Number = 0


class SnoozeReminder(CallbackData, prefix="Rs"):
    """Let a reminder rest until a moment, in seconds since 1970; 0 asks for it."""

    id: Number
    until: Number = 0


class FinishReminder(CallbackData, prefix="Rf"):
    """What was promised is done."""

    id: Number


class ReopenReminder(CallbackData, prefix="Ro"):
    """It is not done; it is due at this moment, in seconds since 1970."""

    id: Number
    at: Number


class DeleteReminder(CallbackData, prefix="Rx"):
    """Take a reminder away; it can be brought back."""

    id: Number


class RestoreReminder(CallbackData, prefix="Rb"):
    """Bring a deleted reminder back."""

    id: Number

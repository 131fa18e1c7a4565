"""Buttons: the policy and what is kept."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number


class Policy(CallbackData, prefix="po"):
    """The clauses of the policy; `arriving` leads back to the question."""

    arriving: bool = False


class PolicyClause(CallbackData, prefix="pc"):
    """One clause."""

    number: Number
    arriving: bool = False


class Privacy(CallbackData, prefix="pr"):
    """What is kept of this person and workspace."""

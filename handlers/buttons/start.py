"""Buttons: the door: language, terms, consent."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData


class ArriveIn(CallbackData, prefix="ai"):
    """The language in which a newcomer wants to be spoken to."""

    language: str


class Terms(CallbackData, prefix="te"):
    """What is kept and why, as a newcomer is asked to agree to it."""


class Agree(CallbackData, prefix="ag"):
    """The newcomer's answer."""

    yes: bool


class Reconsider(CallbackData, prefix="rc"):
    """Whoever had declined comes back with the code of his link, which is kept nowhere else."""

    code: str = ""

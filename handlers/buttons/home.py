"""Buttons: the first screen, and labels that lead nowhere."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData


class Home(CallbackData, prefix="home"):
    """The first screen."""


class Nothing(CallbackData, prefix="nil"):
    """A label that is not a way anywhere, such as the number of a page."""

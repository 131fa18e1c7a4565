"""The address of every button: what a press says, in 64 bytes at the most. State is here and in the vault only."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData


class Home(CallbackData, prefix="home"):
    """The first screen."""


class Nothing(CallbackData, prefix="nil"):
    """A label that is not a way anywhere, such as the number of a page."""


class ContactList(CallbackData, prefix="cl"):
    """Contacts, one page; tag 0 is all."""

    page: int = 0
    tag: int = 0
    by_name: bool = False


class ContactCard(CallbackData, prefix="cc"):
    """One contact."""

    id: int


class History(CallbackData, prefix="hi"):
    """A conversation's messages: the page that ends before message `before`, or that shows `focus` (0: the newest)."""

    id: int
    before: int = 0
    after: int = 0
    focus: int = 0


class AccountList(CallbackData, prefix="al"):
    """What is connected."""

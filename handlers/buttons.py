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


class AccountCard(CallbackData, prefix="ac"):
    """One connected account, with its roads."""

    id: int


class ConnectBusiness(CallbackData, prefix="ab"):
    """How to connect through Telegram Business."""


class ConnectOther(CallbackData, prefix="ao"):
    """A link by which another Telegram account may be connected here."""


class ConnectUserbot(CallbackData, prefix="au"):
    """What the userbot is and risks; `agreed` starts the login."""

    agreed: bool = False


class CancelLogin(CallbackData, prefix="ax"):
    """Give up the login that is under way."""


class UnlinkUserbot(CallbackData, prefix="an"):
    """Log the userbot out; asked first."""

    id: int
    sure: bool = False

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


class WaitingList(CallbackData, prefix="wl"):
    """Who waits for an answer, one page."""

    page: int = 0


class MessageCard(CallbackData, prefix="mc"):
    """One message whole: which of its texts (-1: as it stands), and which part of a long one."""

    id: int
    text: int = -1
    part: int = 0


class Calendar(CallbackData, prefix="hd"):
    """A conversation by days: the months of a year (0: the last one), or the days of a month."""

    id: int
    year: int = 0
    month: int = 0


class SendFile(CallbackData, prefix="mf"):
    """Send me the file of this message."""

    id: int


class TagList(CallbackData, prefix="tl"):
    """All tags, one page."""

    page: int = 0


class TagCard(CallbackData, prefix="tc"):
    """One tag."""

    id: int


class NewTag(CallbackData, prefix="tn"):
    """Ask for the name of a new tag."""


class RenameTag(CallbackData, prefix="tr"):
    """Ask for another name."""

    id: int


class ColourTag(CallbackData, prefix="tk"):
    """Choose a colour (-1: show them)."""

    id: int
    colour: int = -1


class MergeTag(CallbackData, prefix="tm"):
    """Merge a tag into another: choose it (into 0), be asked, do it."""

    id: int
    into: int = 0
    page: int = 0
    sure: bool = False


class DeleteTag(CallbackData, prefix="td"):
    """Delete a tag; asked first."""

    id: int
    sure: bool = False


class TagChoice(CallbackData, prefix="to"):
    """The tags of one contact or conversation, to be put on and taken off; `on` is one of crm.tags.On."""

    on: str
    id: int
    page: int = 0


class PutTag(CallbackData, prefix="tp"):
    """Put a tag on, or take it off."""

    on: str
    id: int
    tag: int
    put: bool
    page: int = 0


class NewTagOn(CallbackData, prefix="tw"):
    """Ask for the name of a tag that is to be put on."""

    on: str
    id: int


class NoteList(CallbackData, prefix="nl"):
    """The notes of a contact, one page."""

    contact: int
    page: int = 0


class NoteCard(CallbackData, prefix="nc"):
    """One note, and which part of a long one."""

    id: int
    part: int = 0


class WriteNote(CallbackData, prefix="nw"):
    """Ask for a new note's text."""

    contact: int


class EditNote(CallbackData, prefix="ne"):
    """Ask for another text."""

    id: int


class PinNote(CallbackData, prefix="np"):
    """Keep a note above the others, or no longer."""

    id: int
    on: bool


class DeleteNote(CallbackData, prefix="nd"):
    """Take a note away; it can be brought back."""

    id: int


class RestoreNote(CallbackData, prefix="nr"):
    """Bring a deleted note back."""

    id: int


class AskSearch(CallbackData, prefix="sa"):
    """Ask what to look for, perhaps with one person (contact) or for people alone."""

    contact: int = 0
    people: bool = False


class SearchPage(CallbackData, prefix="sp"):
    """What a search found, older than this place (0: the newest)."""

    id: int
    before: int = 0


class SearchKind(CallbackData, prefix="sk"):
    """Look for one kind alone ("" for all, "?" to choose)."""

    id: int
    kind: str = "?"


class SearchDates(CallbackData, prefix="sd"):
    """Look in a span of days ("" for all, "?" to choose, "typed" to be asked)."""

    id: int
    span: str = "?"


class SearchTag(CallbackData, prefix="st"):
    """Look among people with a tag (0 for all, -1 to choose)."""

    id: int
    tag: int = -1
    page: int = 0


class SearchPerson(CallbackData, prefix="sw"):
    """Look with one person alone (0 for all, -1 to choose among those that were found)."""

    id: int
    contact: int = -1


class SearchWords(CallbackData, prefix="sx"):
    """Ask for other words, with the same filters."""

    id: int


class SearchAnywhere(CallbackData, prefix="sf"):
    """Drop every filter."""

    id: int

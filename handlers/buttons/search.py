"""Buttons: a search, and what narrows it."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number


class AskSearch(CallbackData, prefix="sa"):
    """Ask what to look for, perhaps with one person (contact) or for people alone; or look without any words."""

    contact: Number = 0
    people: bool = False
    wordless: bool = False


class SearchPage(CallbackData, prefix="sp"):
    """What a search found, older than this place (0: the newest) among hits of this level."""

    id: Number
    before: Number = 0
    level: Number = 0


class SearchKind(CallbackData, prefix="sk"):
    """Look for one kind alone ("any" for all, "?" to choose)."""

    id: Number
    kind: str = "?"


class SearchDates(CallbackData, prefix="sd"):
    """Look in a span of days ("any" for all, "?" to choose, "typed" to be asked)."""

    id: Number
    span: str = "?"


class SearchTag(CallbackData, prefix="st"):
    """Look among people with a tag (0 for all, -1 to choose)."""

    id: Number
    tag: Number = -1
    page: Number = 0


class SearchPerson(CallbackData, prefix="sw"):
    """Look with one person alone (0 for all, -1 to choose among those that were found)."""

    id: Number
    contact: Number = -1


class SearchWords(CallbackData, prefix="sx"):
    """Ask for other words, with the same filters; or look without any words."""

    id: Number
    wordless: bool = False


class SearchAnywhere(CallbackData, prefix="sf"):
    """Drop every filter."""

    id: Number


class SearchMore(CallbackData, prefix="so"):
    """What else a search can be narrowed by; `by` a filter, this value of it ("" for any)."""

    id: Number
    by: str = ""
    value: str = ""


class SearchField(CallbackData, prefix="sz"):
    """Look among those in whose field something stands (0 to choose a field).

    `choice`: one of its choices by its place, of yes and no 1 or 0; -1 no matter, -2 anything at all, -3 to choose.
    """

    id: Number
    field: Number = 0
    choice: Number = -3


class KeepSearch(CallbackData, prefix="sq"):
    """Ask for a name under which a search is kept."""

    id: Number


class KeptSearches(CallbackData, prefix="sl"):
    """The searches that are kept under a name, one page."""

    page: Number = 0


class OpenSearch(CallbackData, prefix="su"):
    """Look as it was kept."""

    id: Number


class KeptSearch(CallbackData, prefix="sc"):
    """A kept search, and what can be done with it."""

    id: Number


class RenameSearch(CallbackData, prefix="sr"):
    """Ask for another name of a kept search."""

    id: Number


class ShareSearch(CallbackData, prefix="sh"):
    """Let the whole team use a kept search, or no more."""

    id: Number
    on: bool


class DeleteSearch(CallbackData, prefix="sb"):
    """Delete a kept search, or bring it back."""

    id: Number
    on: bool

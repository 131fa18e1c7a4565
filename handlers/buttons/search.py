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
    """Look for one kind alone ("" for all, "?" to choose)."""

    id: Number
    kind: str = "?"


class SearchDates(CallbackData, prefix="sd"):
    """Look in a span of days ("" for all, "?" to choose, "typed" to be asked)."""

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

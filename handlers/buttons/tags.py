"""Buttons: tags, and what carries them."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number


class TagList(CallbackData, prefix="tl"):
    """All tags, one page."""

    page: Number = 0


class TagCard(CallbackData, prefix="tc"):
    """One tag."""

    id: Number


class NewTag(CallbackData, prefix="tn"):
    """Ask for the name of a new tag."""


class RenameTag(CallbackData, prefix="tr"):
    """Ask for another name."""

    id: Number


class ColourTag(CallbackData, prefix="tk"):
    """Choose a colour (-1: show them)."""

    id: Number
    colour: Number = -1


class MergeTag(CallbackData, prefix="tm"):
    """Merge a tag into another: choose it (into 0), be asked, do it."""

    id: Number
    into: Number = 0
    page: Number = 0
    sure: bool = False


class DeleteTag(CallbackData, prefix="td"):
    """Delete a tag; asked first."""

    id: Number
    sure: bool = False


class TagChoice(CallbackData, prefix="to"):
    """The tags of one contact or conversation, to be put on and taken off; `on` is one of crm.tags.On."""

    on: str
    id: Number
    page: Number = 0


class PutTag(CallbackData, prefix="tp"):
    """Put a tag on, or take it off."""

    on: str
    id: Number
    tag: Number
    put: bool
    page: Number = 0


class NewTagOn(CallbackData, prefix="tw"):
    """Ask for the name of a tag that is to be put on."""

    on: str
    id: Number

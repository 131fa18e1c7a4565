"""Buttons: notes."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number


class NoteList(CallbackData, prefix="nl"):
    """The notes of a contact, one page."""

    contact: Number
    page: Number = 0


class NoteCard(CallbackData, prefix="nc"):
    """One note, which part of a long one, and the search that led here, to which a button leads back."""

    id: Number
    part: Number = 0
    search: Number = 0


class WriteNote(CallbackData, prefix="nw"):
    """Ask for a new note's text."""

    contact: Number


class EditNote(CallbackData, prefix="ne"):
    """Ask for another text."""

    id: Number


class AddNoteFile(CallbackData, prefix="nf"):
    """Ask for a file for a note."""

    id: Number


class SendNoteFile(CallbackData, prefix="ns"):
    """Give a file of a note back, by its own number."""

    id: Number


class TakeOffFiles(CallbackData, prefix="nx"):
    """Which file is to be taken off a note."""

    id: Number


class TakeOffFile(CallbackData, prefix="nk"):
    """Take this file off its note; it can be put back."""

    id: Number


class PutBackFile(CallbackData, prefix="nb"):
    """Put a file back on its note."""

    id: Number


class PinNote(CallbackData, prefix="np"):
    """Keep a note above the others, or no longer."""

    id: Number
    on: bool


class Mention(CallbackData, prefix="nm"):
    """Name a member in a note: this one, or (0) the one who is chosen from a page of the team."""

    id: Number
    to: Number = 0
    page: Number = 0


class DeleteNote(CallbackData, prefix="nd"):
    """Take a note away; it can be brought back."""

    id: Number


class RestoreNote(CallbackData, prefix="nr"):
    """Bring a deleted note back."""

    id: Number

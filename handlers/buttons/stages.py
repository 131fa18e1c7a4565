"""Buttons: the pipeline."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number

STAGE = "stage"  # the list that leads to a card from the board, beside the queues


class Board(CallbackData, prefix="bd"):
    """The stages, and how many stand in each."""


class StageList(CallbackData, prefix="bs"):
    """Who stands in a stage, one page."""

    id: Number
    page: Number = 0


class StageChoice(CallbackData, prefix="bc"):
    """Where a contact is to stand; `home` is the stage whose list led here, 0 the card."""

    id: Number
    home: Number = 0


class MoveTo(CallbackData, prefix="bm"):
    """Let a contact stand in a stage; 0: in none."""

    id: Number
    to: Number
    home: Number = 0


class LayOutStages(CallbackData, prefix="bl"):
    """Take the stages that are offered at first."""


class StagesMenu(CallbackData, prefix="be"):
    """The stages, to be changed."""


class StageCard(CallbackData, prefix="bk"):
    """One stage, to be changed."""

    id: Number


class NewStage(CallbackData, prefix="bn"):
    """Ask for the name of a new stage."""


class RenameStage(CallbackData, prefix="br"):
    """Ask for another name."""

    id: Number


class ShiftStage(CallbackData, prefix="bo"):
    """Let a stage come later, or earlier."""

    id: Number
    later: bool


class RemoveStage(CallbackData, prefix="bx"):
    """Remove a stage; whoever stands there goes to another, to none (0), or is asked about (-1)."""

    id: Number
    to: Number = -1


class RestoreStage(CallbackData, prefix="bz"):
    """Bring a removed stage back, with those who stood there."""

    id: Number

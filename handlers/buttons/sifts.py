"""Buttons: filters over the contacts, and changes of many."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number

SIFT = "sift"  # the list that leads to a card, beside the queues


class SiftCard(CallbackData, prefix="yc"):
    """A filter; 0 begins one, perhaps with a tag."""

    id: Number = 0
    tag: Number = 0


class SiftList(CallbackData, prefix="yl"):
    """Whom a filter leaves, one page."""

    id: Number
    page: Number = 0


class SiftTags(CallbackData, prefix="yt"):
    """The tags to filter by, one page; a pressed one is wanted, then unwanted, then no matter."""

    id: Number
    tag: Number = 0
    page: Number = 0


class SiftStage(CallbackData, prefix="ys"):
    """The stages to filter by (-2), one of them, none (0), or no matter (-1)."""

    id: Number
    stage: Number = -2


class SiftQueue(CallbackData, prefix="yq"):
    """The queues to filter by ("?"), one of them, or no matter ("")."""

    id: Number
    queue: str = "?"


class MendSift(CallbackData, prefix="ym"):
    """Leave out of a filter what is deleted meanwhile."""

    id: Number


class SiftField(CallbackData, prefix="yf"):
    """The fields to filter by (0), one of them (-2), what it says, or no matter (-1)."""

    id: Number
    field: Number = 0
    choice: Number = -2


class ChangeMany(CallbackData, prefix="yb"):
    """What can be done to all whom a filter leaves; with a change (crm.bulk.Change), to what."""

    id: Number
    change: str = ""
    page: Number = 0


class DoToMany(CallbackData, prefix="yd"):
    """Change all whom a filter leaves; asked first."""

    id: Number
    change: str
    target: Number = 0
    sure: bool = False


class UndoMany(CallbackData, prefix="yu"):
    """Undo a change of many."""

    job: Number

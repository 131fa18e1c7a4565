"""How a moment is offered, told, and asked for again where it was not understood."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from aiogram.filters.callback_data import CallbackData

from crm.moments import Moment
from crm.repeating import Every, Repetition
from crm.spoken import Trouble
from handlers.language import _, distance, exactly, listed, month_day, number, time_of_day, weekday
from handlers.screens import Rows, button
from handlers.screens.messages import beside


def moment_name(moment: Moment) -> str:
    """One of those that are offered."""
    return {
        Moment.HOUR: _("In an hour"),
        Moment.EVENING: _("This evening"),
        Moment.TOMORROW: _("Tomorrow"),
        Moment.MONDAY: _("On Monday"),
        Moment.WEEK: _("In a week"),
        Moment.MONTH: _("In a month"),
    }[moment]


def offered(ahead: Mapping[Moment, datetime], now: datetime, to: Callable[[int], CallbackData]) -> Rows:
    """A button for each, with its time; `to` takes the seconds since 1970."""
    return [
        [button(f"{moment_name(moment)} · {beside(at, now)}", to(int(at.timestamp())))] for moment, at in ahead.items()
    ]


def told(moment: datetime, now: datetime) -> str:
    """To the minute, and how far away that is."""
    return f"{exactly(moment, now)} · {distance(moment, now)}"


def again(repetition: Repetition) -> str:
    """How something comes again."""
    words = {
        Every.DAY: _("every day at {time}"),
        Every.WEEKDAY: _("Monday to Friday at {time}"),
        Every.WEEK: _("every week: {day}, {time}"),
        Every.MONTH: _("every month: day {day}, {time}"),
        Every.YEAR: _("every year: {day}, {time}"),
    }[repetition.every]
    days = {
        Every.WEEK: lambda: listed([weekday(day) for day in repetition.weekdays]),
        Every.MONTH: lambda: number(repetition.day),
        Every.YEAR: lambda: month_day(*divmod(repetition.day, 100)),
    }
    day = days.get(repetition.every, str)()
    return words.format(day=day, time=time_of_day(repetition.at))


def examples() -> str:
    """What can be written."""
    return _(
        "For example: <i>tomorrow at 9</i> · <i>in 2 hours</i> · <i>next Monday</i> · <i>15.12. 14:30</i> · "
        "<i>every Friday at 10</i>"
    )


def misread(trouble: Trouble | None) -> str:
    """Why what was written is no moment."""
    reasons = {
        Trouble.PAST: _("That moment has passed."),
        Trouble.NO_SUCH_DAY: _("There is no such day in the calendar."),
        Trouble.NO_SUCH_TIME: _("No clock shows that time."),
        Trouble.TOO_FAR: _("That is too far away: at most 20 years fit."),
        Trouble.TOO_FINE: _(
            "I can remind you every day, from Monday to Friday, every week, month or year; nothing in between."
        ),
    }
    return reasons.get(trouble or Trouble.NOTHING, _("I found no time in that."))

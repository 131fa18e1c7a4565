"""Working hours: the week in few presses, each day at a press or typed, and the days off."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from crm import hours, pages, zones
from crm.access import Desk, Power
from crm.errors import Invalid, NotFound
from crm.hours import Calendar, Day
from crm.quiet import HOUR, Hours, clock
from crm.week import DAYS, Week
from handlers import language
from handlers.buttons.hours import (
    CopyDay,
    DaysOff,
    ForgetHours,
    OpenDay,
    SetDay,
    SetWeek,
    UndoHours,
    WorkingDay,
    WorkingHours,
)
from handlers.buttons.settings import Settings
from handlers.language import _, current, exactly, ngettext, number, short_weekday, time_of_day, weekday
from handlers.screens import Screen, back, button, confirm, label, safe, show
from handlers.screens import pages as paging

FRIDAY, SATURDAY, SUNDAY = 4, 5, 6
WEEKS = [(FRIDAY, 9, 18), (SATURDAY, 10, 19), (SUNDAY, 10, 20)]  # until which day, and from when to when
USUAL = [
    Hours(begins * HOUR, ends * HOUR) for begins, ends in ((8, 17), (9, 17), (9, 18), (10, 18), (10, 19), (10, 20))
]
ABREAST, SHORT = 3, 4
LAST = date.max.toordinal()


class Choosing(StatesGroup):
    """What is asked to be written."""

    day = State()
    off = State()


def routes() -> Router:
    """The week, one day of it, and the days off."""
    router = Router(name="hours")
    router.callback_query.register(show_hours, WorkingHours.filter())
    router.callback_query.register(set_week, SetWeek.filter())
    router.callback_query.register(show_day, WorkingDay.filter())
    router.callback_query.register(set_day, SetDay.filter())
    router.callback_query.register(copy, CopyDay.filter())
    router.callback_query.register(forget, ForgetHours.filter())
    router.callback_query.register(undo, UndoHours.filter())
    router.callback_query.register(show_days_off, DaysOff.filter())
    router.callback_query.register(open_day, OpenDay.filter())
    router.message.register(typed_day, Choosing.day, F.text)
    router.message.register(typed_off, Choosing.off, F.text)
    return router


async def show_hours(event: Message | CallbackQuery, desk: Desk, state: FSMContext) -> None:
    """The week, whether it is open now, and what else it could be."""
    await state.clear()
    kept = await hours.calendar(desk)
    now = desk.installation.clock.now()
    lines = [_("🕘 <b>Working hours</b>"), "", sign(kept.week, now)]
    if kept.week.is_set:
        lines += ["", *(f"{weekday(at)}: {_day(day)}" for at, day in enumerate(kept.week.days))]
    coming = _coming(kept, desk)
    if coming:
        lines += ["", _("Next day off: {day}").format(day=_named(coming[0], kept))]
    city = zones.city(desk.workspace.zone, current().language)
    lines += ["", _("All times are those of {city}.").format(city=city)]
    await show(event, Screen("\n".join(lines), [*_ways(desk, kept), back(Settings())]))


def _ways(desk: Desk, kept: Calendar) -> list[list[InlineKeyboardButton]]:
    days_off = [button(_("Days off"), DaysOff())]
    if not desk.may(Power.MANAGE):
        return [days_off]
    usual = [(last, Hours(begins * HOUR, ends * HOUR)) for last, begins, ends in WEEKS]
    weeks = [[button(_week(last, one), SetWeek(last=last, begins=one.begins, ends=one.ends))] for last, one in usual]
    days = [button(short_weekday(at), WorkingDay(day=at)) for at in range(DAYS)]
    last = [button(_("↩️ Undo the last change"), UndoHours())] if kept.can_undo else []
    none = [button(_("Every hour counts"), ForgetHours())] if kept.week.is_set else []
    return [*([] if kept.week.is_set else weeks), days[:SHORT], days[SHORT:], [*days_off, *none], last]


def sign(week: Week, now: datetime) -> str:
    """What the sign at the door says."""
    if not week.is_set:
        return _("You have set none, so every hour counts.")
    closes, opens = week.closes(now), week.opens(now)
    if opens is not None:
        return _("🔴 Closed now. Opens again: {when}.").format(when=_when(opens, now))
    if closes is not None:
        return _("🟢 Open now, until {when}.").format(when=_when(closes, now))
    return _("🟢 Open now.") if week.worked(now, now + timedelta(minutes=1)) else _("🔴 Closed for a long time.")


def _when(moment: datetime, now: datetime) -> str:
    here, today = (one.astimezone(ZoneInfo(current().zone)).date() for one in (moment, now))
    if here == today:
        return language.clock(moment)
    if (here - today).days < DAYS:
        return _("{weekday} at {time}").format(weekday=weekday(here.weekday()), time=language.clock(moment))
    return exactly(moment, now)


def _span(one: Hours) -> str:
    return f"{time_of_day(clock(one.begins))} – {time_of_day(clock(one.ends % (24 * HOUR)))}"


def _day(day: Day) -> str:
    return ", ".join(map(_span, day)) or _("closed")


def _week(last: int, one: Hours) -> str:
    return f"{short_weekday(0)} – {short_weekday(last)}: {_span(one)}"


async def set_week(query: CallbackQuery, callback_data: SetWeek, desk: Desk, state: FSMContext) -> None:
    """Take one of the usual weeks."""
    day = (Hours(callback_data.begins, callback_data.ends),)
    await hours.put(desk, range(min(max(callback_data.last, 0), SUNDAY) + 1), day, rest=())
    await show_hours(query, desk, state)


async def show_day(query: CallbackQuery, callback_data: WorkingDay, desk: Desk, state: FSMContext) -> None:
    """One day, the usual hours, and an invitation to write others."""
    desk.need(Power.MANAGE)
    await _show_day(query, callback_data.day, desk, state)


async def _show_day(event: Message | CallbackQuery, at: int, desk: Desk, state: FSMContext) -> None:
    if not 0 <= at < DAYS:
        raise NotFound("weekday")
    await state.set_state(Choosing.day)
    await state.set_data({"day": at})
    day = (await hours.calendar(desk)).week.days[at]
    text = _(
        "<b>{weekday}</b>: {hours}\n\nPress the hours of this day, or write them, such as <code>9-13, 14-18</code> or "
        "<code>6pm-2am</code>."
    ).format(weekday=weekday(at), hours=_day(day))
    marked = [
        button(("✓ " if day == (one,) else "") + _span(one), SetDay(day=at, begins=one.begins, ends=one.ends))
        for one in USUAL
    ]
    copies = [(FRIDAY, _("The same from Monday to Friday")), (SUNDAY, _("The same every day"))]
    rows = [
        *(marked[start : start + ABREAST] for start in range(0, len(marked), ABREAST)),
        [button(("" if day else "✓ ") + _("Closed on this day"), SetDay(day=at))],
        *([button(words, CopyDay(day=at, last=last))] for last, words in copies if day),
    ]
    await show(event, Screen(text, [*rows, back(WorkingHours())]))


async def set_day(query: CallbackQuery, callback_data: SetDay, desk: Desk, state: FSMContext) -> None:
    """Take what was pressed."""
    begins, ends = callback_data.begins, callback_data.ends
    await hours.put(desk, [callback_data.day], (Hours(begins, ends),) if begins != ends else ())
    await _show_day(query, callback_data.day, desk, state)


async def typed_day(message: Message, desk: Desk, state: FSMContext) -> None:
    """Take what was written; ask again where those are no hours."""
    at = int((await state.get_data()).get("day", 0))
    try:
        day = hours.read(message.text or "")
    except Invalid as error:
        text = (
            _("These hours run into one another. Write them apart, such as <code>9-13, 14-18</code>.")
            if error.reason == "overlap"
            else _("I do not understand these hours. Write them such as <code>9-18</code> or <code>9-13, 14-18</code>.")
        )
        await show(message, Screen(text, [back(WorkingDay(day=at))]))
    else:
        await hours.put(desk, [at], day)
        await _show_day(message, at, desk, state)


async def copy(query: CallbackQuery, callback_data: CopyDay, desk: Desk, state: FSMContext) -> None:
    """The same on other days."""
    await hours.copy(desk, callback_data.day, callback_data.last)
    await show_hours(query, desk, state)


async def forget(query: CallbackQuery, desk: Desk, state: FSMContext) -> None:
    """No hours any more."""
    await hours.forget(desk)
    await show_hours(query, desk, state)


async def undo(query: CallbackQuery, desk: Desk, state: FSMContext) -> None:
    """The week before the last change."""
    await hours.undo(desk)
    await show_hours(query, desk, state)


async def show_days_off(query: CallbackQuery, callback_data: DaysOff, desk: Desk, state: FSMContext) -> None:
    """What is to come, and an invitation to write more."""
    await _show_days_off(query, desk, state, page=callback_data.page)


async def _show_days_off(
    event: Message | CallbackQuery, desk: Desk, state: FSMContext, *, page: int = 0, said: str = ""
) -> None:
    await state.clear()
    kept = await hours.calendar(desk)
    coming, manages = _coming(kept, desk), desk.may(Power.MANAGE)
    here: pages.Page[date] = pages.place(page, len(coming))
    shown = coming[here.offset : here.offset + pages.SIZE]
    lines = [_("🎉 <b>Days off</b>"), "", *([said, ""] if said else [])]
    lines += [_named(day, kept) for day in shown] if shown else [_("None are planned.")]
    if manages:
        await state.set_state(Choosing.off)
        lines += ["", _("Write a day or several in a row, and a name, such as <code>25.12. Christmas</code> or "
                        "<code>1.8.-14.8. holidays</code>. Press a day to open on it after all.")]  # fmt: skip
    rows = [[button(label(_named(day, kept, plain=True)), OpenDay(day=day.toordinal()))] for day in shown if manages]
    turned = paging(here.number, here.last, lambda number: DaysOff(page=number))
    await show(event, Screen("\n".join(lines), [*rows, turned, back(WorkingHours())]))


def _coming(kept: Calendar, desk: Desk) -> list[date]:
    today = desk.installation.clock.now().astimezone(ZoneInfo(desk.workspace.zone)).date()
    return sorted(day for day in kept.names if day >= today)


def _named(day: date, kept: Calendar, *, plain: bool = False) -> str:
    name = kept.names[day]
    written = language.day(datetime.combine(day, time(12), ZoneInfo(current().zone)))
    return f"{written} · {name if plain else safe(name)}" if name else written


async def typed_off(message: Message, desk: Desk, state: FSMContext) -> None:
    """Close on what was written; ask again where that is no day to come."""
    try:
        closed = await hours.take_off(desk, message.text or "")
    except Invalid as error:
        if error.field != "dates":
            raise
        text = _("I find no day to come in this. Write it such as <code>25.12. Christmas</code>, at most two months.")
        await show(message, Screen(text, [back(DaysOff())]))
    else:
        said = ngettext("✓ Closed on {n} day.", "✓ Closed on {n} days.", len(closed)).format(n=number(len(closed)))
        await _show_days_off(message, desk, state, said=said)


async def open_day(query: CallbackQuery, callback_data: OpenDay, desk: Desk, state: FSMContext) -> None:
    """Open on a day off, after a question."""
    desk.need(Power.MANAGE)
    kept = await hours.calendar(desk)
    day = date.fromordinal(min(max(callback_data.day, 1), LAST))
    if day not in kept.names:
        raise NotFound("day_off")
    if callback_data.sure:
        await hours.put_on(desk, day)
        await _show_days_off(query, desk, state)
    else:
        text = _("Open on this day after all?\n\n{day}").format(day=_named(day, kept))
        await show(query, Screen(text, confirm(_("Yes, open"), OpenDay(day=callback_data.day, sure=True), DaysOff())))

"""The morning digest: when a member wants it, and the same at any time."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from crm import digest
from crm.access import Desk
from crm.digest import Wish
from crm.quiet import DAY, HOUR, clock
from handlers.buttons.digest import MorningDigest, ShowDigest, WantDigest
from handlers.buttons.settings import Settings
from handlers.language import _, time_of_day
from handlers.screens import Screen, back, button, show
from handlers.screens.morning import told

OFFERED = [
    hour * HOUR + half for hour, half in ((6, 0), (7, 0), (7, 30), (8, 0), (8, 30), (9, 0), (9, 30), (10, 0), (11, 0))
]
ABREAST = 3


def routes() -> Router:
    """The choice, and the digest on demand."""
    router = Router(name="digest")
    router.callback_query.register(show_choice, MorningDigest.filter())
    router.callback_query.register(choose, WantDigest.filter())
    router.callback_query.register(show_now, ShowDigest.filter())
    router.message.register(show_now, Command("digest"))
    return router


async def show_now(event: Message | CallbackQuery, desk: Desk) -> None:
    """What waits now."""
    await show(event, told(desk.workspace.name, await digest.morning(desk)))


async def show_choice(query: CallbackQuery, desk: Desk) -> None:
    """When it comes, and when else it could."""
    wish = await digest.wish(desk)
    if wish is None:
        now = _("You do not get it yet. Press a time, and it comes then.")
    elif wish.weekends:
        now = _("It comes every day at <b>{time}</b>.").format(time=time_of_day(clock(wish.at)))
    else:
        now = _("It comes from Monday to Friday at <b>{time}</b>.").format(time=time_of_day(clock(wish.at)))
    text = _(
        "🌅 <b>Morning digest</b>\n\nWho waits for an answer, what you promised for today, and what came in: one "
        "message, each morning.\n\n{now}"
    ).format(now=now)
    await show(query, Screen(text, [*_times(wish), *_changes(wish), [button(_("Show me now"), ShowDigest())], _back()]))


def _back() -> list[InlineKeyboardButton]:
    return back(Settings())


def _times(wish: Wish | None) -> list[list[InlineKeyboardButton]]:
    weekends = wish.weekends if wish else True
    times = [
        button(
            ("✓ " if wish and wish.at == minute else "") + time_of_day(clock(minute)),
            WantDigest(at=minute, weekends=weekends),
        )
        for minute in OFFERED
    ]
    return [times[at : at + ABREAST] for at in range(0, len(times), ABREAST)]


def _changes(wish: Wish | None) -> list[list[InlineKeyboardButton]]:
    if wish is None:
        return []
    days = _("Not on Saturday and Sunday") if wish.weekends else _("On Saturday and Sunday, too")
    change = WantDigest(at=wish.at, weekends=not wish.weekends)
    return [[button(days, change)], [button(_("No digest"), WantDigest())]]


async def choose(query: CallbackQuery, callback_data: WantDigest, desk: Desk) -> None:
    """Take what was pressed."""
    wanted = Wish(callback_data.at, callback_data.weekends) if 0 <= callback_data.at < DAY else None
    await digest.choose(desk, wanted)
    await show_choice(query, desk)

"""In which zone times are shown: a button for the likely ones, a city or hours from Greenwich for all others."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from crm import workspaces, zones
from crm.access import Desk, Power
from crm.installation import Installation
from handlers.buttons.accounts import AccountList
from handlers.buttons.home import Home
from handlers.buttons.settings import Settings
from handlers.buttons.zone import SetZone, ZoneMenu
from handlers.language import _, clock, current, speaking
from handlers.screens import Screen, back, button, show
from handlers.screens.places import PlaceAsking, cities


def routes() -> Router:
    """The zone, on arrival and later."""
    router = Router(name="zone")
    router.callback_query.register(ask, ZoneMenu.filter())
    router.callback_query.register(choose, SetZone.filter())
    router.message.register(find, PlaceAsking.place, F.text)
    return router


async def ask(
    query: CallbackQuery, callback_data: ZoneMenu, desk: Desk, state: FSMContext, installation: Installation
) -> None:
    """The likely zones, and an invitation to write another."""
    desk.need(Power.MANAGE)
    await state.set_state(PlaceAsking.place)
    await state.set_data({"arriving": callback_data.arriving})
    text = _(
        "<b>Time zone</b>\n\n"
        "Here it is {time} now ({city}). Not right? Press your city, or write one, "
        "or write how far you are from Greenwich, such as <code>+5:30</code>."
    ).format(time=clock(installation.clock.now()), city=zones.city(current().zone, current().language))
    rows = cities(zones.likely(current().language), arriving=callback_data.arriving, now=installation.clock.now())
    await show(query, Screen(text, [*rows, back(None if callback_data.arriving else Settings())]))


async def find(message: Message, desk: Desk, state: FSMContext, installation: Installation) -> None:
    """A city was written: take it where it is plain, ask where it is not."""
    arriving = bool((await state.get_data()).get("arriving"))
    now = installation.clock.now()
    found = zones.find(message.text or "", current().language, now)
    if len(found) == 1:
        await _set(message, desk, found[0], arriving=arriving, state=state)
    elif found:
        rows = [*cities(found, arriving=arriving, now=now), back(ZoneMenu(arriving=arriving))]
        await show(message, Screen(_("Which of these?"), rows))
    else:
        text = _("I do not know that place. Write the nearest big city, or the hours from Greenwich: +2, -5, +5:30.")
        await show(message, Screen(text, [back(ZoneMenu(arriving=arriving))]))


async def choose(query: CallbackQuery, callback_data: SetZone, desk: Desk, state: FSMContext) -> None:
    """A city was pressed."""
    await _set(query, desk, callback_data.zone, arriving=callback_data.arriving, state=state)


async def _set(event: Message | CallbackQuery, desk: Desk, zone: str, *, arriving: bool, state: FSMContext) -> None:
    await workspaces.set_zone(desk, zone)
    await state.clear()
    with speaking(current().language, zone):
        await show(event, _done(desk, zone, arriving=arriving))


def _done(desk: Desk, zone: str, *, arriving: bool) -> Screen:
    now = desk.installation.clock.now()
    said = _("{city}, where it is {time} now.").format(city=zones.city(zone, current().language), time=clock(now))
    if not arriving:
        return Screen(said, [back(Settings())])
    text = _("One more step: connect the Telegram account that your clients write to.")
    return Screen(f"{said}\n\n{text}", [[button(_("Connect an account"), AccountList())], [button(_("Later"), Home())]])

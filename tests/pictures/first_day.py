"""Olga's first day, from the door to all that she connects and brings along: the screens that no crawl comes by."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiogram.filters.callback_data import CallbackData

from bot import opening
from crm import members
from handlers.buttons.accounts import AccountCard, AccountList
from handlers.buttons.contacts import ContactCard, ContactList
from handlers.buttons.contacts_in import ContactsIn, FileColumn, FileColumns, LookIn, TakeBackContacts, TakeIn
from handlers.buttons.groups import GroupCard, GroupList, PickGroup, UnpickGroup
from handlers.buttons.linking import ConnectUserbot, UnlinkUserbot
from handlers.buttons.notes import WriteNote
from handlers.buttons.safety import DeviceSafety
from handlers.buttons.start import Agree, ArriveIn, Terms
from handlers.buttons.status import Status
from handlers.buttons.zone import SetZone
from sandbox.world import Clock
from tests.atelier import MOMENT
from tests.devices import Linkable, linkable
from tests.people import OLGA, Someone, configured

Place = type[CallbackData] | str
Snap = Callable[[Place], Awaitable[None]]
AGO = timedelta(hours=20)  # what was said before anything was connected
ASKED = ("Do you have white peonies?", "For Saturday, two bunches.", "Thank you!")
TABLE = """Name;Phone;Telegram;Tags;Comment;Since
Maria Orlova;+49 151 23456789;@maria_o;wedding;loves roses;2024
Zoë Blum;0151 99887766;;;;2025
;;;;;
Anna;;anna_k;regular;;2023
"""


@asynccontextmanager
async def before_anybody_came(folder: Path, language: str) -> AsyncIterator[Linkable]:
    """Wysper on a fixed morning, where nobody is known; Olga has talked with her clients already, in Telegram alone."""
    empty, clock = configured(folder / "empty"), Clock(still_at=MOMENT - AGO)
    await opening.make(empty.storage)
    async with linkable(folder / "empty", folder / "day", clock) as world:
        people = world.desk.people
        for text in ASKED:
            world.desk.world.send(people["Anna"].id, OLGA, text)
        circle = world.desk.world.make_group(
            people["Chen"].id, "Florists' circle", [OLGA, people["Anna"].id], is_super=True
        )
        world.desk.world.send(people["Chen"].id, circle.id, "Who has peonies left?")
        clock.advance(AGO)
        world.desk.world.change_person(OLGA, language=language)
        await world.olga.writes("/start")
        yield world


async def first_day(world: Linkable, language: str, snap: Snap) -> None:
    """All of it, in the order in which it happens to an owner."""
    await snap("stranger")
    await _arrives(world, language, snap)
    await _connects(world, snap)
    await _links(world, snap)
    await _picks_a_group(world, snap)
    await _brings_contacts(world.olga, snap)
    await _keeps_a_picture(world.olga, snap)
    world.desk.world.disconnect_business(OLGA)
    await world.desk.settled()
    await snap("business-lost")
    await world.olga.writes("/start")
    await snap("home-in-trouble")


async def _arrives(world: Linkable, language: str, snap: Snap) -> None:
    olga = world.olga
    await olga.writes(f"/start claim_{await members.claim_code(world.desk.app.installation)}")
    await snap(ArriveIn)
    await _presses(olga, ArriveIn, language=language)
    await snap(Terms)
    await _presses(olga, Agree, yes=True)
    await snap("name")
    await olga.writes("Olga's Flowers")
    await snap("place")
    await _presses(olga, SetZone)
    await snap("arrived")


async def _connects(world: Linkable, snap: Snap) -> None:
    await world.olga.writes("/start")
    await snap("home-empty")
    await world.olga.connects_business()
    await snap("business-made")


async def _links(world: Linkable, snap: Snap) -> None:
    olga = world.olga
    await olga.writes("/accounts")
    await _presses(olga, ConnectUserbot)
    await snap(ConnectUserbot)
    await _presses(olga, ConnectUserbot, typed=True)
    await snap("link-page")
    await _presses(olga, AccountList)
    await _presses(olga, ConnectUserbot)
    await _presses(olga, ConnectUserbot, agreed=True, typed=False)
    await olga.until(lambda: olga.newest.file is not None)
    await snap("link-code")
    token = world.server.newest_login_token()
    assert token is not None
    world.server.accept_login_token(token, OLGA)
    await olga.until(lambda: _button(olga, Status) is not None)
    await snap("linked")
    await _holds(world, ASKED[-1])
    await olga.writes("/accounts")
    await _presses(olga, AccountCard)
    await snap("account-linked")
    await _presses(olga, DeviceSafety)
    await snap(DeviceSafety)
    await _presses(olga, UnlinkUserbot)
    await snap(UnlinkUserbot)


async def _picks_a_group(world: Linkable, snap: Snap) -> None:
    olga = world.olga
    await olga.writes("/accounts")
    for where in (AccountCard, GroupList):
        await _presses(olga, where)
    await snap(GroupList)
    await _presses(olga, GroupCard)
    await snap(GroupCard)
    await _presses(olga, PickGroup)
    await _holds(world, "Who has peonies left?")
    await snap("group-mirrored")
    await _presses(olga, UnpickGroup)
    await snap(UnpickGroup)
    await _presses(olga, GroupCard)
    await _presses(olga, ContactCard)
    await snap("group-kept")


async def _brings_contacts(olga: Someone, snap: Snap) -> None:
    await olga.writes("/contacts")
    await _presses(olga, ContactsIn)
    await olga.writes(file=olga.desk.world.store_file(TABLE.encode(), name="clients.csv"))
    await snap(FileColumns)
    await _presses(olga, FileColumn, at=4)
    await snap(FileColumn)
    await _presses(olga, FileColumns)
    await _presses(olga, LookIn)
    await snap(LookIn)
    await _presses(olga, TakeIn)
    await olga.until(lambda: _button(olga, TakeBackContacts) is not None)
    await snap("contacts-came")


async def _keeps_a_picture(olga: Someone, snap: Snap) -> None:
    await olga.writes("/start")
    await _presses(olga, ContactList)
    await _presses(olga, ContactCard, id=1)
    await _presses(olga, WriteNote)
    await olga.writes(
        "Signed", file=olga.desk.world.store_file(b"Two bunches", name="order.pdf", mime="application/pdf")
    )
    await snap("note-file")


async def _presses(olga: Someone, to: type[CallbackData], **said: Any) -> None:
    """The first button that leads there, and says that."""
    label = _button(olga, to, **said)
    assert label is not None, f"no {to.__name__} under “{olga.screen}”"
    await olga.presses(label)


def _button(olga: Someone, to: type[CallbackData], **said: Any) -> str | None:
    rows = (olga.newest.markup or {}).get("inline_keyboard", ())
    for one in (button for row in rows for button in row if "callback_data" in button):
        if one["callback_data"].split(":")[0] == to.__prefix__:
            where = to.unpack(one["callback_data"])
            if all(getattr(where, name) == value for name, value in said.items()):
                return str(one["text"])
    return None


async def _holds(world: Linkable, text: str) -> None:
    """Until the device has read that, and rests."""
    while text not in await world.desk.mirrored():  # noqa: ASYNC110  what a device does announces itself to nobody
        await asyncio.sleep(0.02)
    await world.desk.settled()

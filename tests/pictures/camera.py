"""Walks through the screens in one language and takes a picture of each, as a phone shows it."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiogram.filters.callback_data import CallbackData
from playwright.async_api import CDPSession, Page, ViewportSize
from sqlmodel import select

from crm import access, aside, people
from handlers.buttons.contacts import ContactCard
from handlers.buttons.history import History
from handlers.buttons.home import Home
from handlers.buttons.merging import Doubles
from handlers.buttons.queues import Assign, PutOff, StandingCard
from handlers.buttons.replies import PutOffReply
from handlers.buttons.search import SearchPage
from handlers.buttons.sifts import SiftCard, SiftField, SiftQueue, SiftStage, SiftTags
from handlers.buttons.tags import TagChoice
from handlers.linking import qr
from sandbox.page import Page as Chats
from sandbox.world import Message
from storage.contacts import Aside, Contact
from storage.conversations import Conversation
from tests.atelier import atelier, contacts
from tests.crawl import KINDS, Seen, crawl, harmless, kind
from tests.people import Desk
from tests.pictures.first_day import Place, before_anybody_came, first_day
from tests.pictures.screens import NAMES, VARIOUS
from tests.sandbox.window import chromium

PHONE = ViewportSize(width=430, height=2400)  # a phone's width, and as high as the longest screen
WRITTEN: dict[str, type[CallbackData]] = {
    "/start": Home,
    "linen": SearchPage,
    "/doubles": Doubles,
}
ASKING = SiftTags | SiftStage | SiftQueue | SiftField | Assign | PutOff | PutOffReply  # by their number alone
MARGIN = 6  # points of the ground around a screen
MOST = 400  # screens of one walk
# The ground's dots would be another picture at each height, and what moves at each moment.
# What was said before a screen would move it by parts of a point.
PLAIN = """.scroll { background-image: none !important } .message:has(~ .message) { display: none }
* { animation: none !important; transition: none !important }"""
QUALITY = 60  # of WebP: letters stay sharp
SHOWN = """([text, labels]) => {
    const bare = (words) => words.replace(/[\\s\\p{Cf}]/gu, "");
    const last = [...document.querySelectorAll(".message")].at(-1);
    const keys = [...last?.querySelectorAll(".keys .key") ?? []].map((key) => bare(key.innerText)).join("");
    const words = bare(last?.querySelector(".words")?.textContent ?? "");
    return words === bare(text) && keys === bare(labels) && !document.querySelector(".key.busy");
}"""
CODE = base64.b64encode(qr("tg://login?token=this-is-a-picture-and-no-login")).decode()
# What is another each time: the codes of links, also as a picture, and the room on the disk.
SECRETS = """async (code) => {
    const last = [...document.querySelectorAll(".message")].at(-1);
    const picture = last.querySelector("img");
    if (picture) { picture.src = `data:image/png;base64,${code}`; await picture.decode(); }
    const texts = document.createTreeWalker(last, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const shown = texts.currentNode.data.replace(/(join|claim|account)_[\\w-]+/g, "$1_…");
        texts.currentNode.data = shown.replace(/[\\d.,]+(\\s(?:GB|ГБ))/g, "64$1");
    }
}"""
REST = """async () => {
    for (const talk of document.querySelectorAll(".scroll")) talk.scrollTop = talk.scrollHeight;
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
}"""
PLACE = """(margin) => {
    const last = [...document.querySelectorAll(".message")].at(-1);
    const parts = [".bubble", ".keys"].map((part) => last.querySelector(part)).filter(Boolean);
    const places = parts.map((part) => part.getBoundingClientRect());
    const first = (side) => Math.floor(Math.min(...places.map((place) => place[side]))) - margin;
    const end = (side) => Math.ceil(Math.max(...places.map((place) => place[side]))) + margin;
    return { x: first("left"), y: first("top"), width: end("right") - first("left"),
        height: end("bottom") - first("top"), scale: 1 };
}"""


@dataclass(frozen=True)
class Picture:
    """One screen: which class of buttons leads there, or its name; what makes it another of that class; the WebP."""

    to: Place
    more: str
    webp: bytes


async def taken(language: str) -> dict[str, Picture]:
    """The pictures of one language, by the kind of their address or by name."""
    with tempfile.TemporaryDirectory() as folder:
        async with atelier(Path(folder)) as desk, _window(desk) as (tab, lens):
            pictures = await _of_every_day(desk, language, tab, lens)
    with tempfile.TemporaryDirectory() as folder:
        async with before_anybody_came(Path(folder), language) as world, _window(world.desk) as (tab, lens):

            async def snap(to: Place) -> None:
                pictures[to if isinstance(to, str) else to.__prefix__] = Picture(
                    to, "", await _shot(tab, lens, world.olga.newest)
                )

            await first_day(world, language, snap)
    return pictures


async def _of_every_day(desk: Desk, language: str, tab: Page, lens: CDPSession) -> dict[str, Picture]:
    pictures: dict[str, Picture] = {}
    await _put_oddities_aside(desk)
    await desk.app.schedule.run("new words")
    walker = desk.people["Olga"]
    await people.choose_language(desk.app.installation, walker.id, language)

    async def look(seen: Seen) -> None:
        screen = WRITTEN.get(seen.address) or KINDS[seen.address.split(":", 1)[0]]
        more = kind(seen.address).partition(":")[2] if screen in VARIOUS else ""
        address = ":".join(filter(None, (screen.__prefix__, more)))
        if address not in pictures:
            pictures[address] = Picture(screen, more, await _shot(tab, lens, walker.newest))

    begins = [*(screen.pack() for screen in (*await _of_anna(desk), SiftCard(tag=1))), *WRITTEN]
    await crawl(walker, begins, MOST, follow=_is_screen, look=look)
    return pictures


async def _put_oddities_aside(desk: Desk) -> None:
    """Clients with names that no client has are for tests, and would stand before all others."""
    async with desk.vault() as session:
        odd = [one.id or 0 for one in await session.exec(select(Contact)) if not one.first_name.isalpha()]
    async with access.enter(desk.app.installation, desk.people["Olga"].id, 1) as olga:
        for contact_id in odd:
            await aside.put(olga, contact_id, Aside.OTHER)


async def _of_anna(desk: Desk) -> list[CallbackData]:
    """Where a client is shown, it is she."""
    anna = (await contacts(desk))["Anna"]
    async with desk.vault() as session:
        here = (await session.exec(select(Conversation.id).where(Conversation.contact_id == anna))).one() or 0
    return [ContactCard(id=anna), History(id=here), StandingCard(id=here), TagChoice(on="contact", id=anna)]


def _is_screen(address: str) -> bool:
    """Whether a button leads to one of the screens that have a name, and does nothing on the way."""
    where = KINDS[address.split(":", 1)[0]]
    to = where.unpack(address)
    chooses = isinstance(to, ASKING) and to != type(to)(id=to.id)
    return harmless(address) and where in NAMES and not chooses


@asynccontextmanager
async def _window(desk: Desk) -> AsyncIterator[tuple[Page, CDPSession]]:
    """Olga's chat with the bot, on a phone."""
    olga = desk.people["Olga"]
    page = Chats(desk.world, bot_id=desk.bot.id, roles={olga.id: "owner"})
    await page.start()
    try:
        async with chromium() as browser:
            context = await browser.new_context(
                viewport=PHONE, timezone_id="Europe/Berlin", locale="en-GB", color_scheme="light",
                reduced_motion="reduce", bypass_csp=True,
            )  # fmt: skip
            tab = await context.new_page()
            tab.set_default_timeout(20_000)
            await tab.goto(f"{page.url}/#{olga.id}/{desk.bot.id}")
            await tab.get_by_test_id("composer-input").wait_for()
            await tab.add_style_tag(content=PLAIN)
            yield tab, await context.new_cdp_session(tab)
    finally:
        await page.stop()


async def _shot(tab: Page, lens: CDPSession, message: Message) -> bytes:
    """The newest message with its buttons, once the window shows it."""
    rows = (message.markup or {}).get("inline_keyboard", ())
    labels = "".join(one["text"] for row in rows for one in row)
    await tab.wait_for_function(SHOWN, arg=[message.text, labels])
    await tab.evaluate(SECRETS, CODE)
    await tab.evaluate(REST)
    clip = await tab.evaluate(PLACE, MARGIN)
    shot = await lens.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY, "clip": clip})
    return base64.b64decode(shot["data"])

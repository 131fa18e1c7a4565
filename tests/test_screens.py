"""Every screen that can be walked to: it fits, leads back, speaks one language, and ends nowhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
import pytest_asyncio
from babel.messages.pofile import read_po
from sqlmodel import select

from crm import people
from crm.replies.variables import VARIABLES
from handlers.buttons.home import Home
from handlers.buttons.privacy import PolicyClause
from handlers.language import FOLDER, SOURCE, languages
from handlers.screens.widths import room, width
from sandbox.world import utf16_length
from storage.inbox import DEAD, InboxUpdate
from tests.atelier import STAGES, atelier
from tests.crawl import Button, Seen, crawl, known_commands, shown
from tests.people import Desk
from tests.pictures.first_day import TABLE, Place, before_anybody_came, first_day

MOST, LESS = 150, 80  # screens of one walk, and of one in a language that differs in its words alone
HOME = {"/start", Home().pack()}
CLAUSES = PolicyClause.__prefix__  # the policy has fourteen, and they belong on one page
NO_WAY_BACK = "no way back"  # nor is there one from the door
LONGEST, ADDRESS, ENTRIES = 4096, 64, 10  # characters of a message, bytes of an address, entries of a list
CYRILLIC = {"ru", "uk"}  # where a word in Latin letters stands out
WALKS = [*(("Olga", language) for language in languages()), ("Boris", "en"), ("Boris", "ru")]
OTHER_WAYS_IN = ("/doubles", "/filter", "/waiting", "linen", "/help search")
ISOLATED = re.compile("\u2068[^\u2068\u2069]*\u2069")  # somebody's own words inside ours
OURS = re.compile(r"[A-Za-z]{3,}")
PLACE = re.compile(r"\{\w*\}")
NAMES = frozenset(  # what is called so in every language; "Machine-readable" is Telegram Desktop's word
    re.findall(
        r"\w+",
        """Telegram Business Desktop Wysper Android iPhone Google Excel Settings Chatbots Machine readable result json
        CSV JSON HTML XLSX VCF vcf vCard ZIP zip PDF EUR UTC GMT CRM cookie""",
    )
)


def problems(screen: Seen, language: str, theirs: frozenset[str]) -> Iterator[str]:
    """What is wrong with one screen; `theirs` are the words of others that stand there too."""
    if screen.address not in HOME and not any(_leads_out(one, screen) for one in screen.buttons):
        yield NO_WAY_BACK
    if utf16_length(screen.text) > LONGEST:
        yield "too long for one message"
    if screen.messages > 1:
        yield f"{screen.messages} messages instead of one"
    if any(place[1:-1] not in VARIABLES for place in PLACE.findall(ours(screen))):
        yield "a place that was not filled"
    alone = Counter(one.address.split(":", 1)[0] for one in screen.buttons if one.in_row == 1 and one.address)
    yield from (f"{count} entries of {what}" for what, count in alone.items() if count > ENTRIES and what != CLAUSES)
    strange = {word for word in OURS.findall(ours(screen)) if word not in NAMES and not _begins(word, theirs)}
    if language in CYRILLIC and strange:
        yield f"English: {sorted(strange)}"
    for one in screen.buttons:
        yield from _wrong_with(one, language)


def _begins(word: str, theirs: frozenset[str]) -> bool:
    """Whether it is one of theirs; the last of a text may be cut."""
    return word in theirs or any(one.startswith(word) for one in theirs)


def _wrong_with(one: Button, language: str) -> Iterator[str]:
    if len(one.address.encode()) > ADDRESS:
        yield f"“{one.label}”: its address is too long"
    if width(one.label) > room(one.in_row) and is_ours(one.label, language):
        yield f"“{one.label}” is cut: {width(one.label):.0f} of {room(one.in_row):.0f}, {one.in_row} in a row"
    if language != SOURCE and one.label in english() and one.label not in spoken(language)[0]:
        yield f"“{one.label}” is English"


def ours(screen: Seen) -> str:
    """The text without other people's words, code, commands and links."""
    units = screen.text.encode("utf-16-le")
    for one in sorted(screen.entities, key=lambda entity: -entity.offset):
        if one.type in {"code", "pre", "bot_command", "mention", "text_link", "url", "blockquote"}:
            units = units[: 2 * one.offset] + units[2 * (one.offset + one.length) :]
    text = units.decode("utf-16-le", errors="ignore")
    while (bare := ISOLATED.sub("", text)) != text:
        text = bare
    return text


def _leads_out(one: Button, screen: Seen) -> bool:
    return one.label.startswith("‹") or one.address in {Home().pack(), screen.came_from}


@cache
def english() -> frozenset[str]:
    with (FOLDER / "wysper.pot").open("rb") as source:
        return frozenset(one.id for one in read_po(source) if isinstance(one.id, str) and OURS.search(one.id))


@cache
def spoken(language: str) -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """Every text of a language: those without places, and what those with places for numbers may become."""
    if language == SOURCE:
        texts = list(english())
    else:
        with (FOLDER / language / "LC_MESSAGES" / "wysper.po").open("rb") as source:
            strings = [one.string for one in read_po(source, locale=language) if one.id]
        texts = [text for one in strings for text in ([one] if isinstance(one, str) else one or ())]
    counted = [text for text in texts if {name for _, name, _, _ in Formatter().parse(text) if name} <= {"n", "count"}]
    filled = [r"[\d\s.,]+".join(map(re.escape, PLACE.split(text))) for text in counted if "{" in text]
    return frozenset(texts), tuple(re.compile(one) for one in filled)


def is_ours(label: str, language: str) -> bool:
    """Whether a label is made of our words alone; what clients are called is cut as it comes."""
    texts, patterns = spoken(language)
    bare = label.removeprefix("✓ ")
    return bare in texts or any(pattern.fullmatch(bare) for pattern in patterns)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    """One atelier for all walks: none destroys anything."""
    async with atelier(tmp_path_factory.mktemp("atelier")) as desk:
        yield desk


async def walked(desk: Desk, name: str, language: str) -> tuple[list[Seen], frozenset[str]]:
    """The screens of one walk, and every word that somebody else than the bot has written or is called."""
    walker = desk.people[name]
    await people.choose_language(desk.app.installation, walker.id, language)
    most = MOST if language in {SOURCE, "ru"} else LESS
    screens = await crawl(walker, [*known_commands(), *OTHER_WAYS_IN], most)
    async with desk.vault() as session:
        assert not list(await session.exec(select(InboxUpdate.error).where(InboxUpdate.state == DEAD)))
    return screens, theirs_in(desk) | frozenset(OURS.findall(" ".join(STAGES)))


def theirs_in(desk: Desk) -> frozenset[str]:
    """Every word that somebody else than the bot has written or is called."""
    said = [one.text for one in desk.world.messages.values() if one.sender_id != desk.bot.id]
    called = [one.name for one in desk.world.people.values()]
    return frozenset(OURS.findall(" ".join([*said, *called])))


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("name", "language"), [*(("Olga", one) for one in languages()), ("Boris", "en"), ("Boris", "ru")]
)
async def test_every_screen_fits_leads_back_and_speaks_one_language(shop: Desk, name: str, language: str) -> None:
    screens, theirs = await walked(shop, name, language)
    assert len(screens) > LESS // 2
    amiss = [
        f"{screen.address} (from {screen.came_from or 'the beginning'}): {problem}"
        for screen in screens
        for problem in problems(screen, language, theirs)
    ]
    assert not amiss, "\n".join(amiss)


async def test_every_screen_of_the_first_day_fits_and_speaks_one_language(tmp_path: Path) -> None:
    amiss: list[str] = []
    async with before_anybody_came(tmp_path, "uk") as world:

        async def look(place: Place) -> None:
            theirs = theirs_in(world.desk) | frozenset(OURS.findall(f"{TABLE} Florists' circle"))
            screen = shown(world.olga.newest, str(place))
            amiss.extend(f"{place}: {one}" for one in problems(screen, "uk", theirs) if one != NO_WAY_BACK)

        await first_day(world, "uk", look)
    assert not amiss, "\n".join(amiss)

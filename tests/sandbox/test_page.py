"""What people do on the page, in a real browser, and what the page refuses to be used for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from aiohttp import ClientSession, FormData
from playwright.async_api import Browser, expect

from sandbox.faults import BAD_DAY, FaultName
from sandbox.page import Page
from sandbox.scenario import Cast, fill
from sandbox.world import BusinessChanged, ButtonPressed, CallbackAnswer, Event, MessageSent, World
from tests.sandbox.window import Window, chromium

pytestmark = pytest.mark.asyncio(loop_scope="module")  # one Chromium for all

_MEDIA = Path(__file__).parents[2] / "sandbox/scenario/media"
_HOME = {
    "inline_keyboard": [
        [{"text": "Contacts", "callback_data": "contacts"}, {"text": "Delete", "callback_data": "delete"}],
        [{"text": "Silent", "callback_data": "silent"}, {"text": "Code", "copy_text": {"text": "4711"}}],
    ]
}


class Bot:
    """A bot of a few lines that lives in the world: it greets, edits its screen, answers presses."""

    def __init__(self, world: World, cast: Cast) -> None:
        self.world, self.id = world, cast.bot.id
        cast.bot.commands = {("default", ""): [("start", "Home"), ("help", "What I can do")]}
        world.subscribe(self.hear)

    def hear(self, event: Event) -> None:
        match event:
            case MessageSent(message=message) if message.sender_id != self.id and self.id in message.chat.members:
                self.world.send(self.id, message.sender_id, f"You said {message.text}", markup=_HOME)
            case ButtonPressed(press=press) if press.data == "contacts":
                self.world.edit(press.message.uid, text="Anna and Chen", markup=_HOME, by=self.id)
                self.world.answer_callback(press.id, CallbackAnswer("Two contacts"), by=self.id)
            case ButtonPressed(press=press) if press.data == "delete":
                self.world.answer_callback(press.id, CallbackAnswer("Sure?", show_alert=True), by=self.id)


class Phones:
    """Stands in for the server that signs devices in: one QR code that waits."""

    def __init__(self) -> None:
        self.waiting: bytes | None = b"qr"
        self.accepted: list[tuple[bytes, int]] = []

    def newest_login_token(self) -> bytes | None:
        return self.waiting

    def accept_login_token(self, token: bytes, person_id: int, /) -> None:
        self.accepted.append((token, person_id))
        self.waiting = None


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def cast(world: World) -> Cast:
    return fill(world)


@pytest.fixture
def phones() -> Phones:
    return Phones()


@pytest_asyncio.fixture(loop_scope="module")
async def page(world: World, cast: Cast, phones: Phones) -> AsyncIterator[Page]:
    Bot(world, cast)
    page = Page(world, bot_id=cast.bot.id, devices=phones, roles=cast.roles)
    await page.start()
    yield page
    await page.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


async def _open(browser: Browser, page: Page, address: str, *, width: int = 1320, zone: str = "UTC") -> Window:
    for earlier in browser.contexts:
        await earlier.close()
    context = await browser.new_context(
        viewport={"width": width, "height": 760}, locale="en-GB", reduced_motion="reduce", timezone_id=zone
    )
    tab = await context.new_page()
    tab.set_default_timeout(15_000)
    tab.on("pageerror", lambda error: pytest.fail(f"the page raised: {error}"))
    await tab.goto(f"{page.url}/#{address}")
    return Window(tab)


@pytest.mark.browser
async def test_two_people_talk_side_by_side(browser: Browser, page: Page, cast: Cast) -> None:
    olga = await _open(browser, page, f"{cast.olga.id}/{cast.anna.id}+{cast.anna.id}/{cast.olga.id}")
    anna = Window(olga.tab, 1)
    await anna.writes("Is the blue one in stock?")
    await olga.sees("Is the blue one in stock?")
    await olga.acts_on("Is the blue one in stock?", "reply")
    await olga.writes("Yes, two left.")
    await expect(anna.message("Yes, two left.").get_by_test_id("quote")).to_contain_text("blue one")
    await olga.acts_on("Yes, two left.", "edit")
    await olga.writes("Yes, three left.")
    await expect(anna.message("three left").get_by_test_id("edited")).to_be_visible()
    await anna.acts_on("Yes, three left.", "delete")
    await anna.tab.get_by_test_id("confirm").click()
    await olga.no_longer_sees("three left")


@pytest.mark.browser
async def test_a_reaction_is_put_under_a_message_and_taken_back(browser: Browser, page: Page, cast: Cast) -> None:
    olga = await _open(browser, page, f"{cast.olga.id}/{cast.anna.id}+{cast.anna.id}/{cast.olga.id}")
    anna = Window(olga.tab, 1)
    await anna.writes("Is the green one ready?")
    await olga.sees("Is the green one ready?")
    await olga.acts_on("Is the green one ready?", "react")
    await olga.tab.get_by_test_id("react-🔥").click()
    shown = anna.message("Is the green one ready?").get_by_test_id("reactions")
    await expect(shown).to_have_text("🔥")
    await shown.get_by_role("button").click()
    await expect(shown).to_have_text("🔥 2")
    await olga.message("Is the green one ready?").get_by_test_id("reactions").get_by_role("button").click()
    await expect(shown).to_have_text("🔥")
    await expect(shown.get_by_role("button")).to_have_attribute("aria-pressed", "true")


@pytest.mark.browser
async def test_a_bot_is_started_and_its_buttons_answer(browser: Browser, page: Page, cast: Cast) -> None:
    olga = await _open(browser, page, f"{cast.olga.id}")
    await olga.by("chat-search").fill("wysper")
    await olga.opens(cast.bot)
    await olga.by("start-button").click()
    await olga.sees("You said /start")
    await olga.presses("Contacts")
    await expect(olga.tab.get_by_test_id("toast")).to_have_text("Two contacts")
    await olga.sees("Anna and Chen")
    await olga.no_longer_sees("You said /start")
    await olga.presses("Delete")
    await expect(olga.tab.get_by_test_id("alert")).to_contain_text("Sure?")
    await olga.tab.get_by_test_id("alert-ok").click()
    await olga.presses("Silent")
    await expect(olga.pane.locator(".key.busy")).to_have_count(1)
    await olga.by("command-menu").click()
    await olga.by("command-help").click()
    await olga.sees("You said /help")


@pytest.mark.browser
async def test_the_owner_connects_a_bot_and_opens_it_from_a_chat(
    browser: Browser, page: Page, cast: Cast, world: World
) -> None:
    heard: list[Event] = []
    world.subscribe(heard.append)
    olga = await _open(browser, page, f"{cast.olga.id}")
    await olga.by("settings-button").click()
    await olga.by("business-bot").fill("wysper")
    await olga.by(f"business-bot-{cast.bot.id}").click()
    await olga.by("business-can_reply").uncheck()
    await olga.by("business-connect").click()
    await expect(olga.by("business-state")).to_be_visible()
    assert [event.connection.rights for event in heard if isinstance(event, BusinessChanged)] == [{"can_read_messages"}]
    await olga.opens(cast.anna)
    await olga.by("manage-bot").click()
    await olga.sees(f"You said /start bizChat{cast.anna.id}")
    await olga.by("settings-button").click()
    await olga.by("business-disconnect").click()
    await olga.tab.get_by_test_id("confirm").click()
    await expect(olga.by("business-bot")).to_be_visible()
    assert world.business_of(cast.olga.id) is None


@pytest.mark.browser
async def test_the_owner_approves_the_qr_code_of_a_device(
    browser: Browser, page: Page, cast: Cast, phones: Phones
) -> None:
    olga = await _open(browser, page, f"{cast.olga.id}/settings")
    await olga.by("link-device").click()
    await expect(olga.tab.get_by_test_id("toast")).to_have_text("The device is signed in")
    assert phones.accepted == [(b"qr", cast.olga.id)]
    await olga.by("link-device").click()
    await expect(olga.tab.get_by_test_id("toast").last).to_contain_text("no device shows a QR code")


@pytest.mark.browser
async def test_a_new_client_with_a_hostile_name_writes_for_the_first_time(
    browser: Browser, page: Page, cast: Cast
) -> None:
    name = "<img src=x onerror=alert(1)>\u202e"
    olga = await _open(browser, page, f"{cast.olga.id}")
    await olga.tab.get_by_test_id("new-client").click()
    await olga.tab.get_by_test_id("new-client-name").fill(name)
    await olga.tab.get_by_test_id("new-client-create").click()
    stranger = Window(olga.tab, 1)
    await stranger.writes("</script><b>Hello</b> https://example.org/?a=<i> javascript:alert(1)")
    first = olga.by("chat-list").locator(".chat").first
    await expect(first).to_contain_text(name)
    await first.click()
    await olga.sees("</script><b>Hello</b>")
    await expect(olga.tab.locator("img[src=x], .words script, .words i")).to_have_count(0)
    assert await olga.tab.locator(".words a").evaluate_all("links => links.map(a => a.protocol)") == ["https:"] * 2


@pytest.mark.browser
async def test_photos_make_an_album_and_documents_can_be_downloaded(
    browser: Browser, page: Page, cast: Cast, tmp_path: Path
) -> None:
    letter = tmp_path / "für Olga.html"
    letter.write_text("<script>alert(1)</script>")
    anna = await _open(browser, page, f"{cast.anna.id}/{cast.olga.id}+{cast.olga.id}/{cast.anna.id}")
    olga = Window(anna.tab, 1)
    await anna.attaches("photo", _MEDIA / "coat.jpg", _MEDIA / "kilt.jpg")
    await expect(olga.by("album").last.get_by_test_id("photo")).to_have_count(2)
    await anna.attaches("file", letter)
    async with olga.tab.expect_download() as waiting:
        await olga.by("document").filter(has_text=letter.name).click()
    download = await waiting.value
    assert download.suggested_filename == letter.name
    assert (await download.path()).read_bytes() == letter.read_bytes()
    await expect(olga.by("voice-play")).to_be_visible()


@pytest.mark.browser
async def test_links_to_people_and_messages_open_them_on_the_page(
    browser: Browser, page: Page, cast: Cast, world: World
) -> None:
    old = world.history(cast.olga.id, cast.anna.id, limit=500)[-1].ids[cast.olga.id]
    world.send(cast.olga.id, cast.bot.id, "/start")
    links = [
        [{"text": "First word", "url": f"tg://openmessage?user_id={cast.anna.id}&message_id={old}"}],
        [{"text": "Invited", "url": f"https://t.me/{cast.bot.username}?start=invited"}],
    ]
    world.send(cast.bot.id, cast.olga.id, "Links", markup={"inline_keyboard": links})
    olga = await _open(browser, page, f"{cast.olga.id}/{cast.bot.id}")
    await olga.presses("First word")
    await expect(olga.by("chat-title")).to_have_text("Anna Lindqvist")
    await expect(olga.by(f"message-{old}")).to_be_in_viewport()
    await olga.opens(cast.bot)
    await olga.presses("Invited")
    await olga.by("start-button").click()
    await olga.sees("You said /start invited")


@pytest.mark.browser
async def test_a_reply_keyboard_comes_and_goes(browser: Browser, page: Page, cast: Cast, world: World) -> None:
    world.send(cast.olga.id, cast.bot.id, "/start")
    olga = await _open(browser, page, f"{cast.olga.id}/{cast.bot.id}")
    world.send(cast.bot.id, cast.olga.id, "18 or older?", markup={"keyboard": [[{"text": "Yes"}, {"text": "No"}]]})
    await olga.by("reply-button").get_by_text("Yes").click()
    await olga.sees("You said Yes")
    world.send(cast.bot.id, cast.olga.id, "Thank you", markup={"remove_keyboard": True})
    await expect(olga.by("reply-keyboard")).to_have_count(0)


@pytest.mark.browser
async def test_two_thousand_chats_and_a_long_history_are_fetched_as_they_are_scrolled_to(
    browser: Browser, page: Page, cast: Cast, world: World
) -> None:
    long_ago = world.clock.now() - timedelta(days=700)
    for place in range(2_100):
        client = world.add_person(f"Client {place}")
        world.send(client.id, cast.olga.id, "Hello", date=long_ago + timedelta(minutes=place))
    for place in range(300):
        world.send(cast.chen.id, cast.olga.id, f"Line {place}")
    olga = await _open(browser, page, f"{cast.olga.id}/{cast.chen.id}")
    await olga.sees("Line 299")
    assert await olga.pane.locator(".message").count() < 100
    newest = await olga.by("messages").evaluate("box => box.scrollTop")
    await olga.by("messages").evaluate("box => { box.scrollTop = 0; }")
    await olga.sees("Line 200")
    assert newest > 0
    assert await olga.pane.locator(".chat").count() < 100
    await olga.by("chat-search").fill("Client 2024")
    await expect(olga.pane.locator(".chat")).to_have_count(1)


async def _is_whole_in_view(olga: Window, words: str) -> bool:
    """Whether the message with these words stands between header and composer."""
    inside = """(node) => {
        const place = node.getBoundingClientRect(), view = node.closest(".scroll").getBoundingClientRect();
        return place.top >= view.top && (place.bottom <= view.bottom || place.height > view.height);
    }"""
    return bool(await olga.message(words).last.evaluate(inside))


@pytest.mark.browser
async def test_a_screen_that_was_pressed_stays_in_view_however_long_it_grows(
    browser: Browser, page: Page, cast: Cast, world: World
) -> None:
    screens = {"short": "Begins here", "long": "Begins here\n" + "One more line\n" * 18, "tall": "Begins here\n" * 80}
    keys = {"inline_keyboard": [[{"text": name, "callback_data": name} for name in screens]]}

    def turn(event: Event) -> None:
        if isinstance(event, ButtonPressed):
            world.edit(event.press.message.uid, text=screens[event.press.data], markup=keys, by=cast.bot.id)
            world.answer_callback(event.press.id, CallbackAnswer(), by=cast.bot.id)

    world.subscribe(turn)
    world.send(cast.olga.id, cast.bot.id, "/start")
    for place in range(30):
        world.send(cast.olga.id, cast.bot.id, f"Earlier {place}")
    world.send(cast.bot.id, cast.olga.id, "Begins here", markup=keys)
    olga = await _open(browser, page, f"{cast.olga.id}/{cast.bot.id}")
    for later in (0, 5):
        for place in range(later):
            world.send(cast.bot.id, cast.olga.id, f"Later {place}")
        for name in ("long", "short", "tall", "short"):
            await olga.message("Begins here").last.get_by_text(name).click()
            words = olga.message("Begins here").last.get_by_test_id("message-text")
            await expect(words).to_have_text(" ".join(screens[name].split()))
            assert await _is_whole_in_view(olga, "Begins here")
    world.send(cast.bot.id, cast.olga.id, "Unasked for\n" * 60)
    await olga.sees("Unasked for")
    assert await _is_whole_in_view(olga, "Unasked for")


@pytest.mark.browser
async def test_a_chat_that_was_found_is_in_the_list_again(browser: Browser, page: Page, cast: Cast) -> None:
    boris = await _open(browser, page, f"{cast.boris.id}")
    await boris.by("chat-search").fill("olga_")
    await boris.opens(cast.olga)
    await boris.writes("Good morning")
    await expect(boris.by("chat-search")).to_have_value("")
    await expect(boris.by(f"chat-{cast.olga.id}")).to_contain_text("Good morning")


@pytest.mark.browser
async def test_a_phone_shows_one_column_and_a_reload_keeps_the_place(browser: Browser, page: Page, cast: Cast) -> None:
    olga = await _open(browser, page, f"{cast.olga.id}", width=390)
    await olga.opens(cast.anna)
    await expect(olga.by("chat-list")).to_be_hidden()
    await olga.tab.reload()
    await expect(olga.by("chat-title")).to_have_text("Anna Lindqvist")
    await olga.by("back").click()
    await olga.by("people-button").click()
    await olga.tab.get_by_test_id(f"person-{cast.boris.id}").click()
    await expect(olga.by("people-button")).to_contain_text("Boris")
    assert not await olga.tab.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.browser
async def test_the_drawer_moves_time_and_switches_faults(
    browser: Browser, page: Page, cast: Cast, world: World
) -> None:
    olga = await _open(browser, page, f"{cast.olga.id}")
    before = world.clock.now()
    await olga.tab.get_by_test_id("drawer-toggle").click()
    await olga.tab.get_by_test_id("time-month").click()
    await olga.tab.get_by_test_id("fault-bot_api_down").click()
    await expect(olga.tab.get_by_test_id("fault-bot_api_down")).to_be_checked()
    assert world.clock.now() - before > timedelta(days=30)
    assert [fault.name for fault in world.faults.active()] == ["bot_api_down"]


@pytest.mark.browser
async def test_one_switch_makes_a_bad_day_and_ends_it(browser: Browser, page: Page, cast: Cast, world: World) -> None:
    olga = await _open(browser, page, f"{cast.olga.id}")
    await olga.tab.get_by_test_id("drawer-toggle").click()
    await olga.tab.get_by_test_id("bad-day").click()
    await expect(olga.tab.get_by_test_id("bad-day")).to_be_checked()
    await expect(olga.tab.get_by_test_id("fault-bot_api_5xx")).to_be_checked()
    assert {fault.name for fault in world.faults.active()} == {fault.name for fault in BAD_DAY}
    await olga.tab.get_by_test_id("bad-day").click()
    await expect(olga.tab.get_by_test_id("fault-bot_api_5xx")).not_to_be_checked()
    assert world.faults.active() == ()


@pytest.mark.browser
async def test_times_are_those_of_the_readers_own_zone(browser: Browser, page: Page, cast: Cast, world: World) -> None:
    message = world.send(cast.anna.id, cast.olga.id, "What time is it?")
    olga = await _open(browser, page, f"{cast.olga.id}/{cast.anna.id}", zone="Asia/Tokyo")
    there = message.date.astimezone(ZoneInfo("Asia/Tokyo"))
    await expect(olga.message("What time is it?")).to_contain_text(f"{there:%H:%M}")
    await olga.tab.get_by_test_id("drawer-toggle").click()
    await expect(olga.tab.get_by_test_id("time-zone")).to_contain_text("Asia/Tokyo")


@pytest.mark.browser
async def test_the_drawer_says_what_every_fault_does(browser: Browser, page: Page, cast: Cast) -> None:
    olga = await _open(browser, page, f"{cast.olga.id}")
    await olga.tab.get_by_test_id("drawer-toggle").click()
    for name in get_args(FaultName):
        row = olga.tab.locator(".fault").filter(has=olga.tab.get_by_test_id(f"fault-{name}"))
        await expect(row.locator("small")).not_to_be_empty()


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}],
    ids=["a rebound name", "a foreign origin", "a foreign site"],
)
async def test_another_web_page_can_neither_read_nor_act(page: Page, cast: Cast, headers: dict[str, str]) -> None:
    async with ClientSession(page.url, headers=headers) as http:
        for path in ("/", "/api/world", f"/api/{cast.olga.id}/live"):
            assert (await http.get(path)).status == 403
        assert (await http.post(f"/api/{cast.olga.id}/send/{cast.anna.id}", json={"text": "hi"})).status == 403


async def test_every_answer_forbids_foreign_scripts_and_guessing(page: Page) -> None:
    async with ClientSession(page.url) as http:
        for path in ("/", "/static/main.js", "/api/world", "/api/nothing"):
            headers = (await http.get(path)).headers
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Content-Security-Policy"].startswith(
                "default-src 'none'; script-src 'self'; style-src 'self'"
            )


async def test_a_document_is_never_shown_in_place(page: Page, cast: Cast) -> None:
    async with ClientSession(page.url) as http:
        form = FormData()
        form.add_field("file", b"<script>alert(1)</script>", filename="a.html", content_type="text/html")
        sent = await (await http.post(f"/api/{cast.anna.id}/files/{cast.olga.id}", data=form)).json()
        answer = await http.get(sent[0]["file"]["url"])
        assert (answer.content_type, answer.headers["Content-Disposition"]) == (
            "application/octet-stream",
            "attachment",
        )
        guessed = sent[0]["file"]["url"].replace("/a.html", "1/a.html")
        assert (await http.get(guessed)).status == 404


async def test_a_text_that_is_too_long_becomes_several_messages(page: Page, cast: Cast) -> None:
    async with ClientSession(page.url) as http:
        text = "word 🧵 " * 1200
        sent = await (await http.post(f"/api/{cast.anna.id}/send/{cast.olga.id}", json={"text": text})).json()
    assert len(sent) == 3
    assert " ".join(message["text"] for message in sent) == text.strip()
    assert all(len(message["text"].encode("utf-16-le")) <= 2 * 4096 for message in sent)


async def test_a_refusal_of_the_world_is_told_in_words(page: Page, cast: Cast) -> None:
    async with ClientSession(page.url) as http:
        answer = await http.post(f"/api/{cast.anna.id}/edit/999999", json={"text": "mine now"})
        assert (answer.status, (await answer.json())["error"]) == (400, "Bad Request: message not found")
        answer = await http.post(f"/api/{cast.anna.id}/edit/1", data="no json")
        assert answer.status == 400

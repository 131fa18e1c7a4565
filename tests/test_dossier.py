"""One contact's whole file: all of it, for programs and for people, and harmless whatever anybody wrote."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.async_api import async_playwright
from sqlmodel import select

from crm import imports
from crm.access import enter_room
from crm.imports import Order
from handlers.buttons.export import ContactFile
from handlers.buttons.notes import WriteNote
from handlers.buttons.reminders import FinishReminder
from handlers.buttons.stages import LayOutStages, MoveTo
from sandbox.world import Entity
from storage.audit import AuditEntry
from storage.jobs import Job
from tests.exports import account, chat, pieces, says, written
from tests.people import OLGA, Desk, Someone

HOSTILE = "<script>document.title='owned'</script><img src=x onerror=alert(1)>\u202e"


async def takes(somebody: Someone, form: str, contact_id: int = 1) -> bytes:
    before = len(somebody.documents)
    await somebody.presses_address(ContactFile(id=contact_id, form=form).pack())
    assert await somebody.until(lambda: len(somebody.documents) > before)
    return somebody.documents[-1].data


async def test_a_contact_is_taken_along_from_the_card(desk: Desk, olga: Someone, anna: Someone) -> None:
    first = await anna.writes("Do you have roses?", to=olga)
    await anna.edits(first, "Do you have red roses?")
    await olga.writes("Yes, we do", to=anna)
    await olga.writes("/contacts")
    await olga.presses_address(WriteNote(contact=1).pack())
    await olga.writes("Likes roses")
    await olga.presses_address(WriteNote(contact=1).pack())
    await olga.writes("Her list", file=desk.world.store_file(b"roses", "document", name="list <b>.txt"))
    await olga.writes("/contacts")
    await olga.presses("Anna")
    await olga.presses("More")
    await olga.presses("The whole file")
    assert "2 messages" in olga.screen
    await olga.presses("JSON")
    whole = json.loads((await olga.receives_document()).data)
    assert (whole["format"], whole["contact"]["first_name"]) == (1, "Anna")
    assert {one["text"] for one in whole["notes"]} == {"Likes roses", "Her list"}
    assert [one["name"] for one in whole["note_files"]] == ["list <b>.txt"]
    assert b"list &lt;b&gt;.txt" in await takes(olga, "html")
    assert [one["text"] for one in whole["messages"]] == ["Do you have red roses?", "Yes, we do"]
    assert [one["text"] for one in whole["messages"][0]["versions"]] == ["Do you have roses?"]
    assert all((one.name or "").startswith("Anna") for one in olga.documents)
    async with desk.vault() as session:
        acts = (await session.exec(select(AuditEntry.act, AuditEntry.subject))).all()
    assert ("contact.exported", "contact:1") in acts


async def test_one_conversation_is_taken_along_from_its_history(desk: Desk, olga: Someone, anna: Someone) -> None:
    first = await anna.writes("Do you have roses?", to=olga)
    await anna.edits(first, "Do you have red roses?")
    await olga.writes("/contacts")
    await olga.presses_address(WriteNote(contact=1).pack())
    await olga.writes("Likes roses")
    await olga.writes("/contacts")
    await olga.presses("Anna")
    await olga.presses("Conversation")
    await olga.presses("The whole file")
    assert "the whole conversation" in olga.screen
    assert "1 message," in olga.screen
    await olga.presses("‹ Back")
    assert "red roses" in olga.screen
    await olga.presses("The whole file")
    await olga.presses("JSON")
    whole = json.loads((await olga.receives_document()).data)
    assert [one["text"] for one in whole["messages"]] == ["Do you have red roses?"]
    assert [one["text"] for one in whole["messages"][0]["versions"]] == ["Do you have roses?"]
    assert "notes" not in whole
    await olga.writes("/contacts")
    before = len(olga.documents)
    await olga.presses_address(ContactFile(thread=1, form="html").pack())
    assert await olga.until(lambda: len(olga.documents) > before)
    page = olga.documents[-1].data.decode()
    assert "Do you have red roses?" in page
    assert "Likes roses" not in page
    async with desk.vault() as session:
        acts = (await session.exec(select(AuditEntry.act, AuditEntry.subject))).all()
    assert acts.count(("conversation.exported", "conversation:1")) == 2


async def test_what_was_promised_moved_and_not_sent_is_in_it(olga: Someone, anna: Someone) -> None:
    await anna.writes("Do you have roses?", to=olga)
    await olga.writes("/contacts")
    await olga.presses("Anna")
    await olga.presses("⏰ Remind me")
    await olga.writes("tomorrow at 9 order red roses")
    await olga.presses("Yes")
    await olga.presses_address(FinishReminder(id=1).pack())
    await olga.presses_address(LayOutStages().pack())
    for stage in (1, 2):
        await olga.presses_address(MoveTo(id=1, to=stage).pack())
    await olga.writes("/contacts")
    await olga.presses("Anna")
    await olga.presses("Write")
    await olga.writes("Red ones, on Friday")
    whole = json.loads(await takes(olga, "json"))
    assert [(one["text"], bool(one["done_at"])) for one in whole["reminders"]] == [("order red roses", True)]
    first, second = whole["stage_moves"]
    assert (first["from"], first["to"], second["to"]) == (None, second["from"], whole["stage"])
    assert [one["text"] for one in whole["replies"]] == ["Red ones, on Friday"]
    page = (await takes(olga, "html")).decode()
    assert "✅" in page
    assert f"{second['from']} → {second['to']}" in page
    assert "Red ones, on Friday" in page


async def test_the_page_shows_everything_and_runs_nothing(desk: Desk, olga: Someone, tmp_path: Path) -> None:
    enemy = desk.newcomer(f"Eve{HOSTILE}")
    await enemy.writes(HOSTILE, to=olga)
    link = Entity("text_link", 0, 5, url="javascript:document.title='owned'")
    await enemy.writes("press me", to=olga, entities=[link])
    await enemy.writes("مرحبا بالعالم", to=olga)
    answered = await enemy.writes("When can you deliver?\nMonday would be best.", to=olga)
    await enemy.edits(answered, "When can you deliver?\nTuesday would be best.")
    await olga.writes("On Tuesday at nine.", to=enemy)
    await enemy.writes(file=desk.world.store_file(b"plan", name="plan <b>.pdf"), to=olga)
    await olga.writes("/start")
    path = tmp_path / "page.html"
    path.write_bytes(await takes(olga, "html"))
    assert "/" not in (olga.documents[-1].name or "")
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = await browser.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        await page.goto(path.as_uri())
        assert "owned" not in (await page.title()).replace("'owned'", "")
        assert await page.locator("script, img, [onerror], a[href^=javascript]").count() == 0
        shown = await page.inner_text("main")
        assert "<img src=x onerror=alert(1)>" in shown
        assert "مرحبا بالعالم" in shown
        assert (await page.pdf()).startswith(b"%PDF")
        assert asked == [path.as_uri()]
        await browser.close()


async def test_what_lets_nothing_be_copied_is_named_without_its_words(olga: Someone, anna: Someone) -> None:
    await anna.writes("a secret recipe", to=olga, protected=True)
    await olga.writes("/start")
    for form in ("json", "html"):
        assert b"secret recipe" not in await takes(olga, form)


async def test_a_long_conversation_comes_zipped_and_whole(
    desk: Desk, olga: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.dossier.PLAIN", 100_000)
    data = written(account(chat(says(number, f"message {number}") for number in range(1, 1200))))

    async def nothing(*_facts: object) -> None:
        """Nobody watches this."""

    async with enter_room(desk.app.installation, 1) as room:
        await imports.take(room, Order(OLGA), pieces(data), nothing, nothing)
    await olga.writes("/start")
    with ZipFile(BytesIO(await takes(olga, "json"))) as zipped:
        whole = json.loads(zipped.read(zipped.namelist()[0]))
    assert [one["text"] for one in whole["messages"]] == [f"message {number}" for number in range(1, 1200)]


async def test_an_agent_and_a_stranger_take_no_file(
    desk: Desk, olga: Someone, anna: Someone, boris: Someone, mallory: Someone
) -> None:
    await anna.writes("Hello", to=olga)
    for outsider in (boris, mallory):
        await outsider.writes("/start")
        for file in (ContactFile(id=1, form="json"), ContactFile(thread=1, form="json")):
            await outsider.presses_address(file.pack())
        assert outsider.documents == []
    async with desk.vault() as session:
        assert (await session.exec(select(Job))).all() == []

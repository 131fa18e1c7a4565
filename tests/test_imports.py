"""What Telegram Desktop has exported comes along: everything once, and nothing that was seen since is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.config import ConfigError
from bot.importing import import_history
from crm import imports
from crm.access import enter, enter_room
from crm.errors import Invalid, NotAllowed
from crm.imports import Order, Report
from crm.imports.desktop import Translator
from crm.imports.reading import Chat
from sandbox.world import File
from storage.audit import AuditEntry
from storage.jobs import RUNNING, Job
from storage.media import Media
from storage.messages import Message
from tests.exports import ANNA, account, chat, pieces, says, written
from tests.people import OLGA, Desk, Someone

TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)


async def take(desk: Desk, data: bytes, *, before: Report | None = None, account_id: int = OLGA) -> Report:
    """Import into Olga's workspace, as the command line does."""

    async def keep(_session: AsyncSession, _report: Report) -> None:
        """Nobody resumes this."""

    async def look(_read: int) -> None:
        """Nobody watches this."""

    order = Order(account_id, before=before or Report())
    async with enter_room(desk.app.installation, 1) as room:
        return await imports.take(room, order, pieces(data), keep, look)


async def refusal(data: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        await imports.owner(pieces(data))
    return refused.value.reason


async def test_a_history_comes_in_once_however_often_it_is_imported(desk: Desk, olga: Someone, anna: Someone) -> None:
    await anna.writes("Is the blue one in stock?", to=olga)
    data = written(account(chat(says(number, f"message {number}") for number in range(1000, 2200))))
    first, second = await take(desk, data), await take(desk, data)
    assert (first.new, first.known, second.new, second.known) == (1200, 0, 0, 1200)
    mirrored = await desk.mirrored()
    assert len(mirrored) == 1201
    assert "message 1999" in mirrored
    async with desk.vault() as session:
        entries = (await session.exec(select(AuditEntry).where(AuditEntry.act == "import.taken"))).all()
    assert [entry.facts["new"] for entry in entries] == [1200, 0]


async def test_the_message_that_was_mirrored_is_met_again_in_the_export(
    desk: Desk, olga: Someone, anna: Someone
) -> None:
    await anna.writes("Is the blue one in stock?", to=olga)
    async with desk.vault() as session:
        kept = (await session.exec(select(Message))).one()
    sent = str(int(kept.sent_at.timestamp()))
    report = await take(desk, written(chat([says(kept.message_id, kept.text, date_unixtime=sent)])))
    assert (report.new, report.edited, report.known) == (0, 0, 1)


async def test_an_import_goes_on_where_it_was_cut_off(desk: Desk) -> None:
    data = written(chat(says(number, "x") for number in range(1, 30)))
    report = await take(desk, data, before=Report(place=20, new=20))
    assert (report.new, report.place) == (29, 29)
    assert len(await desk.mirrored()) == 9


async def test_a_torn_file_gives_what_stands_before_the_tear(desk: Desk) -> None:
    data = written(account(chat(says(number, "x") for number in range(1, 30))))
    report = await take(desk, data[: len(data) * 2 // 3])
    assert report.torn
    assert 0 < report.new < 29
    assert len(await desk.mirrored()) == report.new


async def test_groups_and_bots_stay_out_and_are_counted(desk: Desk) -> None:
    group = chat([says(1, "hello all", who=1), says(2, "hi", who=2)], peer=77, type="private_group")
    report = await take(desk, written(account(group, chat([says(3, "hello")]))))
    assert report.elsewhere == {"private_group": 2}
    assert await desk.mirrored() == ["hello"]


async def test_what_is_not_understood_is_counted_by_its_name_and_its_text_kept(desk: Desk) -> None:
    odd = says(1, [{"type": "sparkle", "text": "shiny"}], media_type="hologram", file="x.holo", dream=True)
    report = await take(desk, written(chat([odd, {"id": 2, "type": "unsupported"}])))
    assert report.strange == {"text: sparkle": 1, "media: hologram": 1, "dream": 1, "unsupported": 1}
    assert await desk.mirrored() == ["shiny"]


@pytest.mark.parametrize(
    ("facts", "kind", "extra"),
    [
        ({"contact_information": {"first_name": "Chen", "phone_number": "+49 1"}}, "contact", {"first_name": "Chen"}),
        ({"location_information": {"latitude": 52.5, "longitude": 13.4}}, "location", {"latitude": 52.5}),
        ({"place_name": "Shop", "address": "Hof 1", "location_information": {}}, "venue", {"address": "Hof 1"}),
        (
            {"poll": {"question": "Red?", "answers": [{"text": "yes"}]}},
            "poll",
            {"question": "Red?", "options": ["yes"]},
        ),
        ({"game_title": "Chess", "game_description": "for two"}, "game", {"title": "Chess"}),
        ({"invoice_information": {"title": "Roses", "amount": 4500}}, "invoice", {"total_amount": 4500}),
        ({"giveaway_information": {"quantity": 3}}, "giveaway", {"winner_count": 3}),
        ({"paid_stars_amount": 25}, "paid_media", {"star_count": 25}),
        ({"todo_list": {"title": "Wedding", "answers": [{"text": "cake"}]}}, "checklist", {"title": "Wedding"}),
    ],
)
def test_what_has_no_file_is_told_in_facts(facts: dict[str, Any], kind: str, extra: dict[str, Any]) -> None:
    seen = Translator(OLGA).seen(Chat(ANNA, "Anna"), says(1, "", **facts))
    assert seen is not None
    assert seen.kind == kind
    assert extra.items() <= seen.extra[kind].items()


async def test_the_facts_of_a_file_are_kept_and_a_vanishing_one_is_not(desk: Desk) -> None:
    invoice: dict[str, Any] = {
        "file": "files/invoice.pdf",
        "file_name": "invoice.pdf",
        "file_size": 900,
        "mime_type": "application/pdf",
    }
    voice: dict[str, Any] = {"media_type": "voice_message", "file": "(File not included.)", "duration_seconds": 7}
    secret: dict[str, Any] = {"photo": "photos/1.jpg", "self_destruct_period_seconds": 3}
    call: dict[str, Any] = {"type": "service", "action": "pin_message", "actor_id": f"user{OLGA}"}
    messages = [says(1, "", **invoice), says(2, "", **voice), says(3, "", **secret), says(4, "", **call)]
    await take(desk, written(chat(messages)))
    async with desk.vault() as session:
        files = (await session.exec(select(Media).order_by(col(Media.message)))).all()
        kinds = (await session.exec(select(Message.kind).order_by(col(Message.message_id)))).all()
    assert [(one.kind, one.name, one.size, one.duration) for one in files] == [
        ("document", "invoice.pdf", 900, None),
        ("voice", None, None, 7),
    ]
    assert kinds == ["document", "voice", "photo", "service"]


async def test_what_stood_under_an_exported_message_and_nothing_of_what_vanished_comes_along(desk: Desk) -> None:
    olgas = {"from": "Olga", "from_id": f"user{OLGA}", "date": "2025-05-04T12:09:00"}
    liked = {"type": "emoji", "emoji": "👍", "count": 1, "recent": [olgas]}
    secret: dict[str, Any] = {"photo": "photos/1.jpg", "self_destruct_period_seconds": 3}
    strange = {"type": "hologram", "count": 1}
    report = await take(
        desk, written(chat([says(1, "Ready?", reactions=[liked, strange]), says(2, "my face", **secret)]))
    )
    assert report.strange == {}
    async with desk.vault() as session:
        first, second = await session.exec(select(Message).order_by(col(Message.message_id)))
        assert not (await session.exec(select(Media))).all()
    assert first.reactions == [{"type": "emoji", "emoji": "👍", "count": 1, "by": [OLGA]}]
    assert (second.text, second.kind, second.extra) == ("", "photo", {"self_destructing": True})


async def test_the_account_is_read_from_the_file_or_from_who_speaks() -> None:
    whole = await imports.owner(pieces(written(account(chat([says(1, "hello")])))))
    single = await imports.owner(pieces(written(chat([says(1, "hello"), says(2, "Hi!", who=OLGA)]))))
    silent = await imports.owner(pieces(written(chat([says(1, "hello")]))))
    assert (whole.account_id, whole.chat) == (OLGA, None)
    assert (single.account_id, single.chat) == (OLGA, "Anna")
    assert (silent.account_id, silent.chat) == (None, "Anna")


async def test_a_file_that_is_no_export_is_refused_by_what_it_is() -> None:
    assert await refusal(b"") == "empty_file"
    assert await refusal(b" \n") == "empty_file"
    assert await refusal(b"PK\x03\x04zip") == "not_json"
    assert await refusal(b"<html></html>") == "not_json"
    assert await refusal(b'{"messages": [{"role": "user"}]}') == "foreign"
    assert await refusal(b"[1, 2]") == "foreign"
    assert await refusal(b'"text"') == "foreign"


async def test_another_account_s_history_is_refused(desk: Desk, olga: Someone, anna: Someone) -> None:
    for strangers in (chat([says(1, "psst", who=4711)]), chat([says(1, "psst", who=4711)], peer=4711, id=ANNA)):
        with pytest.raises(Invalid, match="another_account"):
            await take(desk, written(strangers))
    with pytest.raises(Invalid, match="another_account"):
        await take(desk, written(chat([says(1, "hello")])), account_id=4711)
    await anna.writes("mine", to=olga)
    async with desk.vault() as session:
        number = (await session.exec(select(Message.message_id))).one()
    with pytest.raises(Invalid, match="another_account"):
        await take(desk, written(chat([says(number, "not mine", who=4711)], peer=4711)))
    assert await desk.mirrored() == ["mine"]


async def test_the_operator_imports_a_folder_from_the_command_line(desk: Desk, tmp_path: Path) -> None:
    await desk.stop()
    folder = tmp_path / "export"
    (folder / "files").mkdir(parents=True)
    (folder / "files" / "plan.pdf").write_bytes(b"x" * 123)
    (tmp_path / "secret").write_bytes(b"x")
    drawn = says(1, "the plan", file="files/plan.pdf", mime_type="application/pdf")
    led_astray = says(2, "", file="../secret")
    (folder / "result.json").write_bytes(written(account(chat([drawn, led_astray]))))
    said: list[str] = []
    for _twice in range(2):
        await import_history(desk.config, folder, None, None, say=said.append)
    left = "Files left where they lie, as Settings › Files has it: 1."
    assert said == ["2 messages are new, 0 were known.", left, "0 messages are new, 2 were known.", left]
    await desk.start()
    async with desk.vault() as session:
        sizes = (await session.exec(select(Media.size).order_by(col(Media.message)))).all()
    assert list(sizes) == [123, None]


async def test_files_beside_an_export_are_kept_where_that_was_chosen(
    desk: Desk, olga: Someone, anna: Someone, tmp_path: Path
) -> None:
    await anna.writes("hello", to=olga)
    await olga.writes("/settings")
    await olga.presses("Files")
    await olga.presses("Keep files as they come")
    await desk.stop()
    (tmp_path / "photos").mkdir()
    for name in ("photos/dress.jpg", "photos/same.jpg"):
        (tmp_path / name).write_bytes(b"\xff\xd8\xff\xe0 blue" * 90_000)
    (tmp_path / "vanishes.jpg").write_bytes(b"x")
    export = [
        says(1000, "the dress", photo="photos/dress.jpg"),
        says(1001, "once more", photo="photos/same.jpg"),
        says(1002, "", photo="vanishes.jpg", self_destruct_period_seconds=5),
        says(1003, "", photo="photos/lost.jpg"),
    ]
    (tmp_path / "result.json").write_bytes(written(account(chat(export))))
    said: list[str] = []
    for _twice in range(2):
        await import_history(desk.config, tmp_path, None, None, say=said.append)
    kept = "Files kept, encrypted, with their messages: 2."
    assert said == ["4 messages are new, 0 were known.", kept, "0 messages are new, 4 were known."]
    await desk.start()
    async with desk.vault() as session:
        names = (await session.exec(select(Media.kept).order_by(col(Media.message)))).all()
    assert names[0]
    assert list(names) == [names[0], names[0], None]  # the same content lies there once
    assert len(list(desk.app.installation.vaults.path(1).with_suffix(".media").iterdir())) == 1
    await olga.writes("the dress")
    await olga.presses("①")
    await olga.presses("⬇ 🖼 ②")
    assert (await olga.receives_document()).data == b"\xff\xd8\xff\xe0 blue" * 90_000


async def test_the_operator_is_told_what_is_wrong(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "chat.json"
    file.write_bytes(written(chat([says(1, "hello")])))
    with pytest.raises(ConfigError, match="another Wysper is running"):
        await import_history(desk.config, file, None, None, say=print)
    await desk.stop()
    with pytest.raises(ConfigError, match=f"--account {OLGA}"):
        await import_history(desk.config, file, None, None, say=print)
    with pytest.raises(ConfigError, match="not connected"):
        await import_history(desk.config, file, None, 4711, say=print)
    with pytest.raises(ConfigError, match=r"no result\.json"):
        await import_history(desk.config, tmp_path, None, None, say=print)


async def test_an_agent_may_not_import(desk: Desk, boris: Someone) -> None:
    async with enter(desk.app.installation, boris.id, 1) as seat:
        with pytest.raises(NotAllowed):
            await imports.accounts_of(seat)


@given(parts=st.lists(st.tuples(st.sampled_from(["plain", "bold", "link", "pre"]), TEXTS), max_size=6))
def test_entities_stand_over_their_words_in_utf_16(parts: list[tuple[str, str]]) -> None:
    written_so = [{"type": kind, "text": words} if kind != "plain" else words for kind, words in parts]
    seen = Translator(OLGA).seen(Chat(ANNA, "Anna"), says(1, written_so))
    assert seen is not None
    assert seen.text == "".join(words for _kind, words in parts)
    units = seen.text.encode("utf-16-le")
    covered = [
        units[2 * one["offset"] : 2 * (one["offset"] + one["length"])].decode("utf-16-le") for one in seen.entities
    ]
    assert covered == [words for kind, words in parts if kind != "plain" and words]


def exported(desk: Desk, data: bytes, name: str = "result.json") -> File:
    return desk.world.store_file(data, name=name, mime="application/json")


async def test_olga_sends_her_past_into_the_chat(desk: Desk, olga: Someone) -> None:
    await olga.writes("/start")
    await olga.writes("/import")
    assert "Machine-readable JSON" in olga.screen
    export = account(chat(says(number, f"message {number}", mood=1) for number in range(1, 40)))
    await olga.writes(file=exported(desk, written(export)))
    assert "an export of all chats" in olga.screen
    assert not await desk.mirrored()
    await olga.presses("Take it in")
    assert "39 messages came in." in olga.screen
    assert "mood\u2069 (39)" in olga.screen
    assert len(await desk.mirrored()) == 39
    await olga.presses("Home")
    assert "Olga" in olga.screen


async def test_the_file_of_one_chat_may_have_to_be_told_whose_it_is(desk: Desk, olga: Someone) -> None:
    await olga.writes("/import")
    await olga.writes(file=exported(desk, written(chat([says(1, "hello")]))))
    assert "does not tell whose account" in olga.screen
    await olga.presses("Olga")
    assert "1 message came in" in olga.screen


async def test_what_cannot_be_taken_is_refused_with_the_reason(desk: Desk, olga: Someone) -> None:
    await olga.writes("/import")
    foreign = written(account(chat([says(1, "hello", who=4711)]), owner=4711))
    for data, words in (
        (b" ", "This file is empty"),
        (b"<html>", "Machine-readable JSON"),
        (b'{"notes": []}', "not exported by Telegram Desktop"),
        (foreign, "an account that is not connected here"),
        (b"x" * 20_000_001, "wysper import"),
    ):
        await olga.writes(file=exported(desk, data))
        assert words in olga.screen
    torn = written(account(chat(says(number, "x") for number in range(1, 30))))
    await olga.writes(file=exported(desk, torn[:5000]))
    await olga.presses("Take it in")
    assert "The file breaks off after" in olga.screen
    assert await desk.mirrored()


async def test_a_question_for_an_earlier_file_takes_no_later_one(desk: Desk, olga: Someone) -> None:
    await olga.writes("/import")
    await olga.writes(file=exported(desk, written(chat([says(1, "first"), says(2, "a", who=OLGA)]))))
    question = olga.newest
    await olga.writes(file=exported(desk, written(chat([says(3, "second"), says(4, "b", who=OLGA)]))))
    await olga.presses("Take it in", under=question)
    assert "once more" in olga.screen or "once more" in question.text
    assert not await desk.mirrored()


async def test_boris_and_mallory_import_nothing(desk: Desk, boris: Someone, mallory: Someone) -> None:
    file = exported(desk, written(chat([says(1, "hello")])))
    for somebody in (boris, mallory):
        await somebody.writes("/import")
        await somebody.writes(file=file)
        assert "came in" not in somebody.screen
        assert "whose account" not in somebody.screen
    assert not await desk.mirrored()


async def test_an_import_that_was_cut_off_goes_on_after_the_restart(desk: Desk, olga: Someone) -> None:
    await olga.writes("/import")
    data = written(chat(says(number, f"message {number}") for number in range(1, 1400)))
    await olga.writes(file=exported(desk, data))
    await olga.presses("Olga")
    async with desk.app.installation.vaults.open(1) as vault, vault.transaction() as session:
        job = (await session.exec(select(Job))).one()
        job.state, job.result = RUNNING, {"report": Report(place=700, new=700).facts()}  # as a kill leaves it
        session.add(job)
        for message in await session.exec(select(Message).where(col(Message.message_id) > 700)):
            await session.delete(message)
    await desk.stop()
    await desk.start()
    await desk.settled()
    assert await olga.sees("1,399 messages came in.")
    assert len(await desk.mirrored()) == 1399

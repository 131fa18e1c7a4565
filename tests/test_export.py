"""Taking everything along: whole, readable, harmless in a spreadsheet, in parts that can be sent."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from bot.jobs import EXPORTS, kinds
from crm import access, export, members
from crm.errors import NotAllowed
from crm.export import spreadsheet
from crm.export.contents import LISTINGS, TABLES
from crm.export.parts import Part
from crm.jobs import Cancelled, Work
from handlers.buttons.export import StartExport
from sandbox.world import File
from storage import jobs
from storage.columns import VaultTable
from storage.jobs import Job
from tests.people import OLGA, Desk, Someone

WORKINGS = {  # tables of the vault that are nobody's data, or not theirs to take along
    "backfills": "where the reading of a history goes on",
    "business_connections": "the way into an account",
    "early_deletions": "numbers of messages that have not come yet",
    "flood_waits": "until when Telegram wants no questions",
    "gaps": "how far the mirror is to be trusted, which stands in no other installation",
    "heard": "words for the search",
    "inbox": "updates on their way",
    "jobs": "work on its way",
    "kept_files": "where the files lie that come along as files",
    "outbox": "letters on their way",
    "peers": "the way to a chat",
    "post_messages": "which message of a group shows what",
    "posts": "as above",
    "team_groups": "groups that stand in Telegram, and know the bot of this installation alone",
    "topics": "their threads",
    "userbot_sessions": "the key of a linked device, which opens the whole account",
    "vocabulary": "words for the search",
}
DOCUMENTATION = Path(__file__).parent.parent / "docs" / "export.md"


def opened(files: list[File]) -> list[ZipFile]:
    return [ZipFile(io.BytesIO(file.data)) for file in files]


def rows(archive: ZipFile, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(archive.read(f"{name}.json"))
    return found


def cells(archive: ZipFile, name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(archive.read(f"{name}.csv").decode("utf-8-sig"))))


async def take_everything(olga: Someone, label: str = "Export") -> ZipFile:
    await olga.writes("/export")
    await olga.presses(label)
    [archive] = opened(olga.documents)
    return archive


async def test_an_export_holds_messages_with_versions_and_deletions(olga: Someone, anna: Someone) -> None:
    first = await anna.writes("Two roses", to=olga)
    await anna.edits(first, "Three roses")
    second = await anna.writes("Forget it", to=olga)
    await anna.deletes(second)
    await olga.writes("Here you are", to=anna)
    archive = await take_everything(olga)
    messages = rows(archive, "messages")
    assert [one["text"] for one in messages] == ["Three roses", "Forget it", "Here you are"]
    assert [one["outgoing"] for one in messages] == [False, False, True]
    assert messages[1]["deleted_at"] is not None
    assert [(one["message"], one["text"]) for one in rows(archive, "versions")] == [(messages[0]["id"], "Two roses")]
    assert [one["first_name"] for one in rows(archive, "contacts")] == ["Anna"]
    assert [one["name"] for one in rows(archive, "workspace")] == ["Olga's Flowers"]
    assert {one["what"] for one in rows(archive, "consents")} == {"policy", "adult"}
    assert {one["role"] for one in rows(archive, "members")} == {"owner", "agent"}
    assert "export of" in archive.read("README.txt").decode()


async def test_what_is_protected_is_listed_without_words_and_file(desk: Desk, olga: Someone, anna: Someone) -> None:
    desk.world.protect(olga.id, anna.id)
    photo = desk.world.store_file(b"\xff\xd8 face", "photo", name=None, mime="image/jpeg", width=64, height=48)
    first = await anna.writes("Only for your eyes", to=olga, file=photo)
    await anna.edits(first, "Only for you")
    desk.world.protect(olga.id, anna.id, on=False)
    await anna.writes("And this for all", to=olga)
    await olga.writes("/export")
    assert "🔒 1 message is of a chat that lets nothing be copied" in olga.screen
    archive = await take_everything(olga, "Export with")
    assert [(one["text"], one["protected"]) for one in rows(archive, "messages")] == [
        ("", True),
        ("And this for all", False),
    ]
    assert rows(archive, "versions") == rows(archive, "media") == []
    assert [one["reason"] for one in rows(archive, "left_out")] == ["protected"]
    assert not any(b"eyes" in archive.read(name) for name in archive.namelist())


async def test_csv_and_json_hold_the_same_rows_and_every_file_has_its_schema(olga: Someone, anna: Someone) -> None:
    await anna.writes('Roses, "red"\nand more', to=olga)
    archive = await take_everything(olga)
    for listing in LISTINGS:
        names = [column.name for column in listing.columns]
        schema = json.loads(archive.read(f"schemas/{listing.name}.schema.json"))
        assert list(schema["items"]["properties"]) == names
        assert cells(archive, listing.name)[0] == names
        assert len(cells(archive, listing.name)) == len(rows(archive, listing.name)) + 1
        for row in rows(archive, listing.name):
            assert list(row) == names
    assert 'Roses, "red"\nand more' in {row[8] for row in cells(archive, "messages")}


async def test_a_hostile_client_writes_no_formula_into_the_spreadsheet(olga: Someone, anna: Someone) -> None:
    await anna.writes('=HYPERLINK("http://evil.example","Click")', to=olga)
    archive = await take_everything(olga)
    texts = [row[8] for row in cells(archive, "messages")[1:]]
    assert texts == ['\'=HYPERLINK("http://evil.example","Click")']
    assert rows(archive, "messages")[0]["text"].startswith("=HYPERLINK")


@given(
    st.one_of(st.text(), st.builds(lambda sign, rest: sign + rest, st.sampled_from("=+-@\t\r\n＝＋－＠ "), st.text()))
)
def test_no_text_becomes_a_formula_and_none_is_lost(text: str) -> None:
    [[read]] = csv.reader(io.StringIO(spreadsheet.lines([[text + "."]]).decode(), newline=""))
    assert not read.startswith(spreadsheet.STARTS_A_FORMULA)
    assert re.sub(r"""(^|[;\t\r\n][ "]*)'""", r"\1", read) == re.sub(r"""(^|[;\t\r\n][ "]*)'""", r"\1", text + ".")


def test_no_formula_begins_where_another_country_begins_a_cell() -> None:
    hostile = 'Hello;=1+1;x\n=2+2;\t@SUM(1);"=3+3";  -4;fine'
    line = spreadsheet.lines([[5, hostile]]).decode()
    for separator in (";", "\t"):
        begun = [cell for row in line.splitlines() for cell in row.split(separator)]
        assert not [cell for cell in begun if cell.lstrip(' "\t').startswith(("=", "+", "-", "@"))]


async def test_whoever_is_taken_off_the_team_gets_no_further_part(
    desk: Desk, boris: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with access.enter(desk.app.installation, OLGA, 1) as her_desk:
        await members.set_role(her_desk, boris.id, "admin")
        begun = export.write

        async def slowly(*facts: Any) -> None:
            await members.remove(her_desk, boris.id)
            await begun(*facts)

        monkeypatch.setattr(export, "write", slowly)
        await boris.writes("/start")  # and is told that he is an admin
        await boris.writes("/export")
        await boris.presses("Export")
        monkeypatch.setattr(export, "write", begun)
    assert not boris.documents
    async with desk.vault() as session:
        assert [job.state for job in await session.exec(select(Job))] == [jobs.FAILED]


async def test_files_come_along_when_they_are_asked_for(olga: Someone, anna: Someone) -> None:
    data = b"not really a picture" * 100
    picture = olga.desk.world.store_file(data, name="../../evil.png", mime="image/png")
    await anna.writes("Like this one", to=olga, file=picture)
    archive = await take_everything(olga, "Export with 1 photo")
    [name] = [name for name in archive.namelist() if name.startswith("media/")]
    assert ".." not in name.removeprefix("media/")
    assert "/" not in name.removeprefix("media/")
    assert archive.read(name) == data
    assert rows(archive, "left_out") == []


async def test_a_file_whose_download_breaks_off_is_left_out_and_named(desk: Desk, olga: Someone, anna: Someone) -> None:
    for text in ("first", "second"):
        picture = desk.world.store_file(text.encode() * 50_000, name=f"{text}.png", mime="image/png")
        await anna.writes(text, to=olga, file=picture)
    desk.world.faults.on("bot_api_file_cut", times=1)
    archive = await take_everything(olga, "Export with 2 photos")
    [name] = [name for name in archive.namelist() if name.startswith("media/")]
    assert archive.read(name) == b"second" * 50_000
    assert "Done" in olga.chat[-2].text
    assert "1 file could not be fetched" in olga.chat[-2].text
    [first, _second] = rows(archive, "messages")
    assert rows(archive, "left_out") == [{"message": first["id"], "note_file": None, "reason": "unreachable"}]


async def test_a_large_export_comes_in_parts_that_each_open_alone(desk: Desk, olga: Someone, anna: Someone) -> None:
    for number in range(30):
        await anna.writes(
            f"{number} " + "".join(chr(0x4E00 + (number * 7919 + place * 104729) % 20000) for place in range(1000)),
            to=olga,
        )
    parts: list[bytes] = []

    async def deliver(part: Part) -> None:
        parts.append(part.file.read())

    async def progress(done: int, total: int) -> None:
        assert 0 <= done <= total

    limit = 140_000
    async with access.enter(desk.app.installation, OLGA, 1) as seat:
        await export.write(seat, export.Order("read me", limit=limit), deliver, progress)
    archives = [ZipFile(io.BytesIO(part)) for part in parts]
    assert len(archives) > 1
    assert all(len(part) <= limit for part in parts)
    assert all("README.txt" in archive.namelist() for archive in archives)
    messages = [
        row for archive in archives if "messages.json" in archive.namelist() for row in rows(archive, "messages")
    ]
    assert [int(row["text"].split()[0]) for row in messages] == list(range(30))


async def test_nothing_of_an_export_touches_the_disk_while_it_is_made(
    desk: Desk, olga: Someone, anna: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A `tempfile` that can make nothing, and a hook that hears of every file opened for writing, nameless ones too."""
    folder = desk.app.installation.vaults.folder
    picture = olga.desk.world.store_file(b"not really a picture" * 100, name="rose.png", mime="image/png")
    await anna.writes("Roses", to=olga, file=picture)
    before = {path.name.split(".")[0] for path in folder.iterdir()}
    monkeypatch.setattr("tempfile.tempdir", "/nowhere")
    with written_files() as written:
        archive = await take_everything(olga, "Export with 1 photo")
    assert rows(archive, "messages")[0]["text"] == "Roses"
    assert written == []
    assert {path.name.split(".")[0] for path in folder.iterdir()} == before


@contextmanager
def written_files() -> Iterator[list[object]]:
    """What Python opens for writing meanwhile; the vaults are opened by SQLite, which writes only what is encrypted."""
    written: list[object] = []
    listening = True

    def hear(event: str, facts: tuple[Any, ...]) -> None:
        if listening and event == "open" and (facts[2] or 0) & (os.O_WRONLY | os.O_RDWR):
            written.append(facts[0])

    sys.addaudithook(hear)  # hooks stay for good, so this one falls silent
    try:
        yield written
    finally:
        listening = False


async def test_exports_wait_for_their_turn_so_that_memory_is_bounded(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, most, release = 0, 0, asyncio.Event()

    async def slow(*_facts: object) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        if running == EXPORTS:
            release.set()
        await release.wait()
        running -= 1

    monkeypatch.setattr("handlers.export.run", slow)
    edges = desk.app.dispatcher  # what the app hands over
    run = kinds(desk.app.bot, edges["files"], edges["roads"])["export"]
    async with access.enter_room(desk.app.installation, 1) as room:
        job = Job(kind="export", asked_by=OLGA, asked_at=desk.world.clock.now())
        await asyncio.gather(*(run(Work(room, job, unseen, lambda: False)) for _turn in range(3 * EXPORTS)))
    assert most == EXPORTS


async def unseen(_room: access.Room, _job: Job) -> None:
    """Nobody watches the progress."""


async def test_an_export_that_was_cut_off_is_made_anew_and_its_parts_are_taken_back(
    desk: Desk, olga: Someone, anna: Someone
) -> None:
    await anna.writes("Roses", to=olga)
    await take_everything(olga)
    async with desk.app.installation.vaults.open(1) as vault, vault.transaction() as session:
        [job] = await session.exec(select(Job))
        job.state = jobs.RUNNING  # as a crash after the first part would leave it
        session.add(job)
    await desk.stop()
    await desk.start()
    await desk.settled()
    [archive] = opened(olga.documents)
    assert rows(archive, "messages")[0]["text"] == "Roses"
    assert "Done" in [message.text for message in olga.chat if "Your export" in message.text][-1]


async def test_an_export_that_is_stopped_delivers_nothing_more(desk: Desk, olga: Someone, anna: Someone) -> None:
    await anna.writes("Roses", to=olga)
    parts: list[Part] = []

    async def deliver(part: Part) -> None:
        parts.append(part)

    async def stop(_done: int, _total: int) -> None:
        raise Cancelled

    async with access.enter(desk.app.installation, OLGA, 1) as seat:
        with pytest.raises(Cancelled):
            await export.write(seat, export.Order("read me"), deliver, stop)
    assert not parts


async def test_an_agent_and_a_stranger_get_no_export(olga: Someone, boris: Someone, mallory: Someone) -> None:
    await olga.writes("/export")
    for nosy, words in ((boris, "Your role does not allow this"), (mallory, "You are not on this team")):
        await nosy.writes("/export")
        assert words in nosy.screen
        await nosy.presses_address(StartExport(media=False).pack())
        assert words in nosy.alert
        assert not nosy.documents


async def test_who_may_no_longer_export_gets_nothing_from_a_job_that_waits(desk: Desk) -> None:
    async with access.enter(desk.app.installation, 5_200_000_002, 1) as boris:
        with pytest.raises(NotAllowed):
            await export.size(boris)


def test_whatever_is_somebodys_is_in_the_export() -> None:
    exported = {str(table.model.__tablename__) for table in TABLES}
    assert exported | WORKINGS.keys() == VaultTable.metadata.tables.keys()
    assert exported.isdisjoint(WORKINGS)


def test_every_table_and_column_is_documented() -> None:
    text = DOCUMENTATION.read_text(encoding="utf-8")
    for listing in LISTINGS:
        assert f"## {listing.name}\n\n{listing.says}\n" in text
        for column in listing.columns:
            kind = f"{column.type} or null" if column.optional else column.type
            assert f"| {column.name} | {kind} | {column.says} |" in text

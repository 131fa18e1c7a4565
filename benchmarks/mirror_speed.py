"""How fast the past of an account comes into the vault, against a bare Telethon that stores nothing.

Both read the same account from the same server, which runs in a process of its own: ours lists the chats and reads
each into an encrypted vault with its search index; the baseline is `iter_dialogs` and `iter_messages`, and a count.
Both run in one process, prepared as `wysper run` prepares its own.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import telethon as _telethon

from benchmarks.another_process import Telegram, telegram
from benchmarks.measuring import MIB, Pair, peak, show
from benchmarks.shop import configured, found
from benchmarks.texts import correspondence
from bot.clock import SystemClock
from bot.opening import make, opened
from bot.process import prepare_process
from crm.installation import Installation
from crm.ports import LoginCode
from crm.userbots import Book
from sandbox.scenario.dialogues import conversations
from sandbox.world import World
from userbot import login
from userbot.backfill import History
from userbot.client import Line
from userbot.groups import Groups
from userbot.mirror import Mirror
from userbot.people import People
from userbot.session import VaultSession

telethon: Any = _telethon  # it carries no types that hold


def written(count: int, world: World) -> int:
    """So many made-up messages with a thousand clients; the id of the shop's owner."""
    owner = world.add_person("Owner").id
    people: dict[int, int] = {}
    for one in correspondence(count):
        if one.client not in people:
            people[one.client] = world.add_person(f"Client {one.client}").id
        sender, peer = (owner, people[one.client]) if one.outgoing else (people[one.client], owner)
        world.send(sender, peer, one.text, date=one.sent_at)
    return owner


def recorded(path: Path, world: World) -> int:
    """The conversations of a file; the id of the shop's owner."""
    return conversations(path)(world).olga.id


async def ours(server: Telegram, folder: Path) -> float:
    """Messages a second into a new vault, from the first connection with a key until all is committed."""
    config = configured(folder)
    await make(config.storage)
    async with opened(config, SystemClock()) as installation:
        await found(installation, [server.owner_id])
        await _link(server, installation)
        book = Book(installation, 1, server.owner_id)
        begun = perf_counter()
        memory = await book.memory()
        people = People(server.owner_id, memory.access_hashes)
        async with Line(server.settings, VaultSession(memory.key, people), installation.clock) as line:
            await Mirror(line, book, people, memory.state, Groups(line, book, people)).catch_up()
            await History(line, book, people, chats_listed=memory.chats_listed).read()
        took = perf_counter() - begun
    return server.messages / took


async def _link(server: Telegram, installation: Installation) -> None:
    async def scan(code: LoginCode) -> None:
        server.scan(code.url)

    ended = await login.in_chat(installation, server.settings, 1, scan)
    assert ended.outcome == "linked", ended


async def theirs(server: Telegram) -> float:
    """Messages a second that a bare Telethon iterates over."""
    telethon.crypto.rsa.add_key(*server.settings.public_keys, old=False)
    session = telethon.sessions.MemorySession()
    session.set_dc(server.settings.dc_id, server.settings.address, server.settings.port)
    client = telethon.TelegramClient(session, server.settings.api_id, server.settings.api_hash)
    await client.connect()
    code = await client.qr_login()
    server.scan(code.url)
    await code.wait()
    await client.disconnect()
    client = telethon.TelegramClient(session, server.settings.api_id, server.settings.api_hash)
    begun, count = perf_counter(), 0
    await client.connect()
    async for dialog in client.iter_dialogs():
        async for _ in client.iter_messages(dialog.input_entity, wait_time=0):
            count += 1
    took = perf_counter() - begun
    await client.disconnect()
    assert count == server.messages, (count, server.messages)
    return count / took


async def compare(server: Telegram, rounds: int) -> None:
    """Both in turns."""
    speed, grown = Pair(), []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            before = peak()
            speed.ours.append(await ours(server, Path(folder)))
            grown.append(peak() - before)
        speed.theirs.append(await theirs(server))
    figures = [f"{side:,.0f}" for side in (sorted(speed.ours)[rounds // 2], sorted(speed.theirs)[rounds // 2])]
    rows = [("mirror", [*figures, f"{speed.ratio:.2f}", f"{max(grown) / MIB:.0f}"])]
    show(f"{server.messages:,} messages", ["ours/s", "bare/s", "ratio", "peak MiB"], rows)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=20_000, help="made-up messages (default: %(default)s)")
    parser.add_argument("--conversations", type=Path, help="a dialogues.jsonl.gz to read in place of them")
    parser.add_argument("--rounds", type=int, default=3, help="times that both are measured (default: %(default)s)")
    chosen = parser.parse_args()
    prepare_process()
    fill = partial(recorded, chosen.conversations) if chosen.conversations else partial(written, chosen.messages)
    with telegram(fill) as server:
        asyncio.run(compare(server, chosen.rounds))


if __name__ == "__main__":
    main()

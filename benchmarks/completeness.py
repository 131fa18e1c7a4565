"""Whether the vault holds what the account holds: every message of many conversations, mirrored through MTProto.

Says how many messages the world has, how many the vault, how many are missing, stored twice, or not the same.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from pathlib import Path
from time import perf_counter

from sqlmodel import select

from benchmarks.measuring import show
from benchmarks.shop import configured, found
from bot.app import Owner
from bot.clock import SystemClock
from bot.opening import make, opened
from crm.installation import Installation
from crm.ports import LoginCode, LoginStep
from sandbox.mtproto import MTProto
from sandbox.scenario.dialogues import conversations
from sandbox.world import World
from storage import userbots
from storage.messages import Message
from userbot.client import Settings
from userbot.devices import Userbots

LOOK = 0.2  # seconds between two looks at how far it is
Facts = tuple[int, int, bool, str, float]  # of a message: peer, number, outgoing, text, time


def in_the_world(world: World, owner_id: int) -> Counter[Facts]:
    """What Wysper promises to mirror: all that stands in the account's chats with people."""
    return Counter(
        (peer_id, number, message.sender_id == owner_id, message.text, message.date.timestamp())
        for number, message in world.account(owner_id).messages.items()
        if not message.deleted
        and (peer_id := message.chat.peer_of(owner_id)) not in {owner_id, *world.groups}
        and not world.person(peer_id).is_bot
    )


async def in_the_vault(installation: Installation) -> Counter[Facts]:
    """What the vault holds."""
    async with installation.vaults.open(1) as vault, vault.reading() as session:
        found = await session.exec(select(Message).where(Message.userbot))
        return Counter((one.peer_id, one.message_id, one.outgoing, one.text, one.sent_at.timestamp()) for one in found)


async def mirror(installation: Installation, server: MTProto, owner_id: int) -> None:
    """Link the account as its owner would, and wait until its past is read."""
    settings = Settings(1, "hash", server.dc_id, server.host, server.port, (server.public_key,))
    tasks = Owner()
    async with tasks.group:
        devices = Userbots(installation, settings, tasks)

        async def scan(step: LoginStep) -> None:
            if isinstance(step, LoginCode):
                server.accept_login_token(step.url, owner_id)

        await devices.link(1, scan)
        while not await _is_read(installation, owner_id):  # noqa: ASYNC110  a look costs the mirror less than a listener
            await asyncio.sleep(LOOK)
        await devices.close()


async def _is_read(installation: Installation, owner_id: int) -> bool:
    async with installation.vaults.open(1) as vault, vault.reading() as session:
        reading = await userbots.reading(session, owner_id)
        return reading.listed and reading.chats == reading.chats_done


async def compare(path: Path) -> bool:
    """Mirror the conversations and print the comparison; True where nothing is wrong."""
    world = World()
    owner_id = conversations(path)(world).olga.id
    server, config = MTProto(world), configured(Path(tempfile.mkdtemp()))
    await make(config.storage)
    await server.start()
    begun = perf_counter()
    async with opened(config, SystemClock()) as installation:
        await found(installation, [owner_id])
        await mirror(installation, server, owner_id)
        there, here = in_the_world(world, owner_id), await in_the_vault(installation)
    await server.stop()
    numbers = Counter((peer, number) for peer, number, *_ in here.elements())
    missing = sum((peer, number) not in numbers for peer, number, *_ in there)
    twice = sum(count - 1 for count in numbers.values())
    other = len(here - there)
    rows = [
        ("in the world", [f"{there.total():,}"]),
        ("in the vault", [f"{here.total():,}"]),
        ("missing", [f"{missing:,}"]),
        ("twice", [f"{twice:,}"]),
        ("not the same", [f"{other:,}"]),
    ]
    show(f"messages, in {perf_counter() - begun:.0f} s", [""], rows)
    return not missing and not twice and not other


def main() -> None:
    """Compare and print; the exit code is 1 where the vault is not the world."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("conversations", type=Path, help="a dialogues.jsonl.gz")
    chosen = parser.parse_args()
    if not chosen.conversations.exists():
        sys.exit(f"there is no {chosen.conversations}: nothing was compared")
    sys.exit(not asyncio.run(compare(chosen.conversations)))


if __name__ == "__main__":
    main()

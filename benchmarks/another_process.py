"""The sandbox's MTProto server in a process of its own, so that it takes none of the time that is measured."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection

from sandbox.mtproto import MTProto
from sandbox.world import World
from userbot.client import Settings


@dataclass(frozen=True, slots=True)
class Telegram:
    """A server that runs: how to reach it, whose account is filled, and with how many messages."""

    settings: Settings
    owner_id: int
    messages: int
    _pipe: Connection

    def scan(self, address: str) -> None:
        """Let the owner scan a QR code, given as its tg:// address."""
        self._pipe.send(address)


@contextmanager
def telegram(fill: Callable[[World], int]) -> Iterator[Telegram]:
    """Serve a world that `fill` has filled; it gives the id of the person whose account is looked at."""
    processes = multiprocessing.get_context("spawn")
    here, there = processes.Pipe()
    process = processes.Process(target=_run, args=(fill, there), daemon=True)
    process.start()
    try:
        port, public_key, owner_id, messages = here.recv()
        settings = Settings(1, "hash", MTProto.dc_id, "127.0.0.1", port, (public_key,))
        yield Telegram(settings, owner_id, messages, here)
    finally:
        process.terminate()
        process.join()


def _run(fill: Callable[[World], int], pipe: Connection) -> None:
    asyncio.run(_serve(fill, pipe))


async def _serve(fill: Callable[[World], int], pipe: Connection) -> None:
    world = World()
    owner_id = fill(world)
    server = MTProto(world)
    await server.start()
    loop = asyncio.get_running_loop()
    loop.add_reader(pipe.fileno(), lambda: server.accept_login_token(pipe.recv(), owner_id))
    standing = sum(not message.deleted for message in world.account(owner_id).messages.values())
    pipe.send((server.port, server.public_key, owner_id, standing))
    await loop.create_future()

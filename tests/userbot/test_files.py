"""The files of mirrored messages, fetched through the userbot."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from crm import keeping
from crm.access import enter, enter_room
from crm.errors import NotNow
from crm.keeper import keep_some
from crm.keeping import When
from crm.media import Files
from storage import floods
from storage.media import Media
from storage.media_store import PIECE
from tests.people import OLGA
from tests.userbot.shop import WORKSPACE, Shop

PRICES = bytes(range(256)) * 5000  # 1.28 MB: three pieces
FILM = os.urandom(9 * PIECE + 17)


async def _fetched(shop: Shop, media: Media, offset: int = 0) -> bytes:
    return b"".join([piece async for piece in shop.userbots.fetch(WORKSPACE, OLGA, media, offset=offset)])


async def _films(shop: Shop) -> Media:
    """A film that only a linked device can fetch, in Olga's mirrored past."""
    shop.writes(shop.anna, "", file=shop.world.store_file(FILM, "video", mime="video/mp4"))
    await shop.is_mirrored()
    async with enter(shop.installation, OLGA, WORKSPACE) as desk:
        await keeping.choose(desk, When.ALWAYS)
        await keeping.choose_size(desk, "video", keeping.ANY)
    [media] = await shop.media()
    return media


async def _keep(shop: Shop) -> None:
    """One try to keep it."""
    files = Files(shop.installation, shop.userbots)
    async with enter_room(shop.installation, WORKSPACE) as room:
        await keep_some(room, files, [(OLGA, one) for one in await shop.media()], _nobody_listens)


async def _nobody_listens(_bytes: int) -> None:
    """Nobody waits."""


def _on_disk(shop: Shop) -> list[Path]:
    return sorted(shop.installation.vaults.path(WORKSPACE).with_suffix(".media").glob("*"))


async def test_a_document_comes_whole_in_pieces(shop: Shop) -> None:
    file = shop.world.store_file(PRICES, name="prices.pdf", mime="application/pdf")
    shop.writes(shop.anna, "Our prices", file=file)
    await shop.is_mirrored()
    [media] = await shop.media()
    assert (media.kind, media.name, media.mime, media.size) == ("document", "prices.pdf", "application/pdf", 1280000)
    assert await _fetched(shop, media) == PRICES


async def test_a_reference_that_has_expired_is_asked_for_anew(shop: Shop) -> None:
    photo = shop.world.store_file(b"\x89PNG" * 40_000, "photo", width=800, height=600)
    shop.writes(shop.anna, "", file=photo)
    await shop.is_mirrored()
    shop.server.expire_file_references()
    [media] = await shop.media()
    assert await _fetched(shop, media) == b"\x89PNG" * 40_000
    [renewed] = await shop.media()
    assert renewed.userbot is not None
    assert media.userbot is not None
    assert renewed.userbot == {**media.userbot, "reference": renewed.userbot["reference"]} != media.userbot


async def test_a_file_whose_message_is_gone_cannot_be_fetched(shop: Shop) -> None:
    [sent] = shop.writes(shop.anna, "", file=shop.world.store_file(b"abc", name="a.txt"))
    await shop.is_mirrored()
    [media] = await shop.media()
    shop.world.delete([sent.uid], by=shop.anna.id)
    shop.server.expire_file_references()
    with pytest.raises(NotNow) as refused:
        await _fetched(shop, media)
    assert refused.value.reason == "unreachable"


async def test_without_a_connected_device_no_road_leads_to_a_file(shop: Shop) -> None:
    shop.writes(shop.anna, "", file=shop.world.store_file(b"abc", name="a.txt"))
    await shop.is_mirrored()
    [media] = await shop.media()
    await shop.userbots.halt(WORKSPACE)
    with pytest.raises(NotNow):
        await _fetched(shop, media)


async def test_a_film_whose_connection_was_cut_goes_on_where_it_stopped(shop: Shop) -> None:
    await _films(shop)
    shop.world.faults.on("mtproto_cut", method="upload.getFile", every=4, times=1)
    await _keep(shop)
    [half] = _on_disk(shop)
    assert half.suffix == ".new"
    assert half.stat().st_size > 3 * PIECE  # three parts came
    assert FILM[:64] not in half.read_bytes()
    await shop.until(lambda: shop.state == "live")
    shop.world.faults.on("mtproto_cut", method="upload.getFile", every=4, times=1)
    await _keep(shop)
    [half] = _on_disk(shop)
    assert half.stat().st_size > 6 * PIECE  # another three, so it went on after the first
    await shop.until(lambda: shop.state == "live")
    await _keep(shop)
    [media] = await shop.media()
    assert (media.kept, media.half, media.missed, media.due_at) == (_on_disk(shop)[0].name, None, None, None)
    files = Files(shop.installation, shop.userbots)
    shop.world.faults.on("mtproto_flood", seconds=60, method="upload.getFile")  # Telegram is not asked again
    assert b"".join([piece async for piece in files.fetch(WORKSPACE, OLGA, media)]) == FILM


async def test_half_a_film_survives_the_end_of_the_process(shop: Shop) -> None:
    await _films(shop)
    shop.world.faults.on("mtproto_cut", method="upload.getFile", every=5, times=1)
    await _keep(shop)
    await shop.crashes()
    await shop.opens()
    await shop.until(lambda: shop.state == "live")
    before = _on_disk(shop)[0].stat().st_size
    shop.world.faults.on("mtproto_cut", method="upload.getFile", every=3, times=1)
    await _keep(shop)
    assert _on_disk(shop)[0].stat().st_size > before + PIECE


async def test_a_reference_that_expires_in_the_middle_of_a_film_is_asked_for_anew(shop: Shop) -> None:
    media = await _films(shop)
    shop.world.faults.on("mtproto_references_expired", every=3, times=3)
    assert await _fetched(shop, media) == FILM


async def test_a_flood_wait_of_a_download_holds_all_that_can_wait(shop: Shop) -> None:
    media = await _films(shop)
    shop.world.faults.on("mtproto_flood", seconds=1, times=1, method="upload.getFile")
    async with asyncio.TaskGroup() as group:
        fetching = [group.create_task(_fetched(shop, media)) for _time in range(4)]
        await shop.until(lambda: shop.state == "waiting")
    assert {task.result() for task in fetching} == {FILM}
    assert shop.state == "live"
    async with shop.vault() as session:
        waits = await floods.since(session, OLGA, shop.world.clock.now().date())
    assert [(one.count, one.seconds) for one in waits] == [(1, 1)]


async def test_a_flood_wait_in_the_middle_of_a_file_is_waited_out(shop: Shop) -> None:
    shop.writes(shop.anna, "", file=shop.world.store_file(PRICES, name="prices.pdf"))
    await shop.is_mirrored()
    [media] = await shop.media()
    shop.world.faults.on("mtproto_flood", seconds=1, times=1, method="upload.getFile")
    assert await _fetched(shop, media) == PRICES

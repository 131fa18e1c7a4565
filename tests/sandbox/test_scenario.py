"""The small business that ships with the sandbox looks like somebody's working day."""

from __future__ import annotations

import gzip
import json
import unicodedata
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.scenario import Cast, conversations, fill
from sandbox.scenario.script import read
from sandbox.world import Group, World

_MEDIA = Path(__file__).parents[2] / "sandbox/scenario/media"
_SHARED = Path(__file__).parents[3] / "shared/data/dialogues.jsonl.gz"


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.fixture(scope="module")
def cast(world: World) -> Cast:
    return fill(world)


def test_olga_has_about_25_clients_and_600_messages_up_to_this_morning(world: World, cast: Cast) -> None:
    dialogs = world.dialogs(cast.olga.id)
    assert 24 <= len(dialogs) <= 30
    assert 560 <= len(world.messages) <= 700
    now = world.clock.now()
    newest = dialogs[0].top
    assert newest is not None
    assert timedelta() < now - newest.date < timedelta(hours=2)
    assert not any(message.date > now for message in world.messages.values())


def test_messages_stand_in_the_order_of_their_time(world: World, cast: Cast) -> None:
    numbered = sorted(world.messages.values(), key=lambda message: message.ids[cast.olga.id])
    dates = [message.date for message in numbered]
    assert dates == sorted(dates)


def test_nobody_has_spoken_to_the_bot_and_mallory_to_nobody(world: World, cast: Cast) -> None:
    assert not world.dialogs(cast.bot.id)
    assert not world.dialogs(cast.mallory.id)


def test_every_kind_of_message_is_there(world: World, cast: Cast) -> None:
    messages = list(world.messages.values())
    kinds = Counter(message.file.kind if message.file else "none" for message in messages)
    assert all(kinds[kind] >= 5 for kind in ("photo", "voice", "document"))
    services = {message.service["type"] for message in messages if message.service}
    assert services == {"contact", "location", "phone_call", "group_chat_created"}
    assert any(message.album_id for message in messages)
    assert sum(message.reply_to is not None for message in messages) > 15
    assert sum(bool(message.versions) for message in messages) >= 5
    assert any(message.deleted for message in messages)
    assert max(len(message.text.encode("utf-16-le")) // 2 for message in messages) == 4096
    assert sum(box.unread for box in world.dialogs(cast.olga.id)) > 5


def test_olga_shares_a_group_with_her_team_and_a_client(world: World, cast: Cast) -> None:
    [group] = [box.chat for box in world.dialogs(cast.olga.id) if isinstance(box.chat, Group)]
    assert {cast.olga.id, cast.boris.id, cast.vera.id} < set(group.members)
    assert group.owner_id == cast.olga.id
    said = [box.messages for box in world.dialogs(cast.boris.id)]
    assert len(said) == 1, "Boris is in no other chat"
    writers = {message.sender_id for message in world.messages.values() if message.chat is group}
    assert writers == set(group.members)


def test_names_are_as_hostile_as_telegram_allows(world: World) -> None:
    names = [person.name for person in world.people.values()]
    assert any("<b>" in name for name in names)
    assert any(name.startswith("=") for name in names)
    assert any("\u202e" in name for name in names)
    assert any("\u200b" in name for name in names)
    assert max(len(person.first_name) for person in world.people.values()) == 64
    assert any(all(unicodedata.category(sign) == "So" for sign in name) for name in names)
    everything = "".join(message.text for message in world.messages.values())
    scripts = {unicodedata.name(sign, "").split(" ")[0] for sign in everything}
    assert {"LATIN", "CYRILLIC", "HEBREW", "ARABIC", "CJK", "HIRAGANA"} <= scripts


def test_voice_notes_say_how_long_they_are(world: World) -> None:
    lengths = [m.file.duration for m in world.messages.values() if m.file and m.file.kind == "voice"]
    assert all(length and 5 <= length <= 12 for length in lengths)


def test_the_media_that_ship_are_small() -> None:
    sizes = [file.stat().st_size for file in _MEDIA.iterdir()]
    assert max(sizes) <= 60_000
    assert sum(sizes) < 1_500_000


def test_a_line_that_is_no_message_is_named(tmp_path: Path, world: World) -> None:
    script = tmp_path / "odd.chat"
    script.write_text('first_name = "Odd"\n---\nhello there\n')
    with pytest.raises(ValueError, match=r"odd\.chat: not a message: 'hello there'"):
        read(script, world.clock.now())


def test_conversations_of_a_file_join_olgas_account_with_the_same_people_each_time(tmp_path: Path) -> None:
    turns = [["client", "A table for two?"], ["business", "At seven?"], ["client", "Yes"]]
    file = tmp_path / "dialogues.jsonl.gz"
    file.write_bytes(gzip.compress("\n".join(json.dumps({"id": str(n), "turns": turns}) for n in range(20)).encode()))
    worlds = World(), World()
    casts = [conversations(file)(world) for world in worlds]
    guests = [
        [box for box in world.dialogs(cast.olga.id) if len(box.messages) == 3]
        for world, cast in zip(worlds, casts, strict=True)
    ]
    assert len(guests[0]) == 20
    names = [[world.person(box.peer_id).name for box in boxes] for world, boxes in zip(worlds, guests, strict=True)]
    assert names[0] == names[1]
    assert [m.sender_id == casts[0].olga.id for m in guests[0][0].messages] == [False, True, False]


@pytest.mark.skipif(not _SHARED.exists(), reason="the real conversations are not on this machine; see benchmarks")
def test_all_real_conversations_move_in() -> None:
    world = World()
    cast = conversations(_SHARED)(world)
    atelier = World()
    fill(atelier)
    assert len(world.messages) - len(atelier.messages) == 38_768
    assert len(world.dialogs(cast.olga.id)) - len(atelier.dialogs(cast.olga.id)) == 2_098

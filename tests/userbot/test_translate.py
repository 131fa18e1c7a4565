"""Telethon's messages in the mirror's words, whatever TL can say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.seen import Seen
from sandbox.mtproto import tl
from userbot.actions import service_name, snake
from userbot.answers import read
from userbot.people import People
from userbot.tl import types
from userbot.translate import ENTITIES, seen

OLGA, ANNA, ROBOT = 1, 2, 3
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ACTIONS = [getattr(types, name) for name in dir(types) if name.startswith("MessageAction")]
BY_THE_WAY: dict[str, Any] = {"file_reference": b"\x01\x02", "date": NOW, "dc_id": 2}


def people() -> People:
    known = People(OLGA, {})
    known.meet(
        [
            types.User(ANNA, access_hash=7, first_name="Anna", last_name="Ilyina", phone="49151", username="anna_k"),
            types.User(ROBOT, access_hash=8, first_name="Robot", bot=True, bot_info_version=1),
        ],
        [types.Channel(9, "Flower News", types.ChatPhotoEmpty(), NOW, access_hash=5)],
    )
    return known


def message(**facts: Any) -> Any:
    return types.Message(**{"id": 5, "peer_id": types.PeerUser(ANNA), "date": NOW, "message": ""} | facts)


def told(said: Any) -> Seen:
    one = seen(said, OLGA, people(), NOW)
    assert one is not None
    return one


def carried(media: Any) -> Seen:
    return told(message(media=media))


def document(*attributes: Any, mime: str = "video/mp4", **media: Any) -> Any:
    file = types.Document(1, 2, mime_type=mime, size=900, attributes=list(attributes), **BY_THE_WAY)
    return types.MessageMediaDocument(document=file, **media)


SIZED = types.DocumentAttributeVideo(7.2, 640, 480)
ROUND = types.DocumentAttributeVideo(7.2, 384, 384, round_message=True)
NAME = types.DocumentAttributeFilename("a.mp4")
PHOTO = types.Photo(1, 2, sizes=[types.PhotoSize("y", 9, 9, 9)], **BY_THE_WAY)
STICKER = types.DocumentAttributeSticker("🌷", types.InputStickerSetEmpty())


@pytest.mark.parametrize(
    ("media", "kind", "facts"),
    [
        (document(NAME, mime="text/plain"), "document", ("text/plain", "a.mp4", None, None, None)),
        (document(SIZED, NAME), "video", ("video/mp4", "a.mp4", 640, 480, 8)),
        (document(ROUND), "video_note", (None, None, 384, 384, 8)),
        (document(SIZED, types.DocumentAttributeAnimated(), NAME), "animation", ("video/mp4", "a.mp4", 640, 480, 8)),
        (document(STICKER, types.DocumentAttributeImageSize(512, 511)), "sticker", (None, None, 512, 511, None)),
        (document(STICKER, SIZED, NAME), "sticker", (None, None, 640, 480, None)),
        (
            document(types.DocumentAttributeAudio(3, voice=True), mime="audio/ogg"),
            "voice",
            ("audio/ogg", None, None, None, 3),
        ),
        (
            document(types.DocumentAttributeAudio(99), NAME, mime="audio/mpeg"),
            "audio",
            ("audio/mpeg", "a.mp4", None, None, 99),
        ),
    ],
)
def test_each_kind_of_file_is_described_as_the_bot_api_describes_it(media: Any, kind: str, facts: Any) -> None:
    one = carried(media)
    assert one.file is not None
    assert one.kind == one.file.kind == kind
    assert (one.file.mime, one.file.name, one.file.width, one.file.height, one.file.duration) == facts
    assert one.file.size == 900


def test_of_a_photo_the_largest_size_is_kept() -> None:
    sizes = [
        types.PhotoStrippedSize("i", b"tiny"),
        types.PhotoSize("m", 320, 240, 9_000),
        types.PhotoSizeProgressive("y", 1280, 960, [1_000, 90_000]),
        types.PhotoSize("x", 800, 600, 50_000),
    ]
    photo = types.Photo(1, 2, sizes=sizes, **BY_THE_WAY)
    one = carried(types.MessageMediaPhoto(photo=photo))
    assert one.file is not None
    assert (one.kind, one.file.width, one.file.height, one.file.size) == ("photo", 1280, 960, 90_000)
    assert one.file.userbot is not None
    assert one.file.userbot["thumb"] == "y"


@pytest.mark.parametrize(
    ("media", "kind", "extra"),
    [
        (
            types.MessageMediaContact("+49151", "Max", "", "", 0),
            "contact",
            {"contact": {"phone_number": "+49151", "first_name": "Max"}},
        ),
        (
            types.MessageMediaGeo(types.GeoPoint(13.4, 52.5, 0)),
            "location",
            {"location": {"latitude": 52.5, "longitude": 13.4}},
        ),
        (
            types.MessageMediaVenue(types.GeoPoint(13.4, 52.5, 0), "Shop", "Street 1", "", "", ""),
            "venue",
            {"venue": {"title": "Shop", "address": "Street 1", "latitude": 52.5, "longitude": 13.4}},
        ),
        (types.MessageMediaDice(4, "🎲"), "dice", {"dice": {"emoji": "🎲", "value": 4}}),
        (types.MessageMediaWebPage(types.WebPageEmpty(1)), "text", {}),
        (types.MessageMediaStory(types.PeerUser(ANNA), 1), "story", {"story": {"id": 1}}),
        (types.MessageMediaUnsupported(), "service", {"service": "unknown"}),
        (types.MessageMediaGeo(types.GeoPointEmpty()), "service", {"service": "unknown"}),
    ],
)
def test_what_is_no_file_is_told_in_facts(media: Any, kind: str, extra: Any) -> None:
    one = carried(media)
    assert (one.kind, one.file, one.extra) == (kind, None, extra)


@pytest.mark.parametrize(
    "media",
    [
        types.MessageMediaPhoto(photo=PHOTO, ttl_seconds=5),
        types.MessageMediaPhoto(ttl_seconds=5),
        document(SIZED, ttl_seconds=60, video=True),
        types.MessageMediaDocument(ttl_seconds=60, voice=True, document=types.DocumentEmpty(1)),
    ],
)
def test_of_media_that_destroys_itself_only_that_it_was_there_is_kept(media: Any) -> None:
    one = carried(media)
    assert one.file is None
    assert one.extra == {"self_destructing": True}
    assert one.kind in {"photo", "video", "voice"}


def test_a_forward_names_where_it_comes_from() -> None:
    def name(**origin: Any) -> Any:
        return told(message(fwd_from=types.MessageFwdHeader(NOW, **origin))).extra["forward"]["name"]

    assert name(from_id=types.PeerUser(ANNA)) == "Anna Ilyina"
    assert name(from_id=types.PeerChannel(9)) == "Flower News"
    assert name(from_name="Somebody hidden") == "Somebody hidden"
    assert name(from_id=types.PeerChannel(404)) == ""


def test_a_reply_knows_its_message_and_what_it_quotes() -> None:
    quoted = types.MessageReplyHeader(reply_to_msg_id=4, quote=True, quote_text="the blue one")
    elsewhere = types.MessageReplyHeader(reply_to_msg_id=4, reply_to_peer_id=types.PeerChannel(9))
    assert (told(message(reply_to=quoted)).reply_to_id, told(message(reply_to=quoted)).extra) == (
        4,
        {"quote": "the blue one"},
    )
    assert told(message(reply_to=elsewhere)).reply_to_id is None


def test_a_reaction_is_no_edit() -> None:
    assert told(message(message="Hi", edit_date=NOW, edit_hide=True)).edited_at is None
    assert told(message(message="Hi", edit_date=NOW)).edited_at == NOW


def test_reactions_name_their_signs_and_whose_they_are() -> None:
    custom, thumb = types.ReactionCustomEmoji(536), types.ReactionEmoji("👍")
    by = [types.MessagePeerReaction(types.PeerUser(one), NOW, thumb) for one in (ANNA, OLGA)]
    results = [
        types.ReactionCount(custom, 1),
        types.ReactionCount(thumb, 2),
        types.ReactionCount(types.ReactionPaid(), 9),
    ]
    one = told(message(reactions=types.MessageReactions(results, recent_reactions=by)))
    assert one.reactions is not None
    assert one.reactions.signs == [
        {"type": "paid", "count": 9, "by": []},
        {"type": "emoji", "emoji": "👍", "count": 2, "by": [OLGA, ANNA]},
        {"type": "custom_emoji", "custom_emoji_id": "536", "count": 1, "by": []},
    ]


def test_what_a_gift_says_and_how_long_a_call_took_is_kept() -> None:
    words = types.TextWithEntities("with love", [types.MessageEntityBold(0, 4)])
    gift = types.MessageActionStarGift(types.StarGift(1, types.DocumentEmpty(1), 15, 15), message=words)
    call = types.MessageActionPhoneCall(7, duration=65)
    gave = told(types.MessageService(5, types.PeerUser(ANNA), date=NOW, action=gift))
    assert (gave.text, gave.entities) == ("with love", [{"type": "bold", "offset": 0, "length": 4}])
    called = told(types.MessageService(6, types.PeerUser(ANNA), date=NOW, action=call))
    assert called.extra == {"service": "phone_call", "call": {"duration": 65, "video": False}}


def test_what_stands_beside_media_that_destroys_itself_goes_with_it() -> None:
    one = told(message(message="my face", media=types.MessageMediaPhoto(photo=PHOTO, ttl_seconds=5)))
    assert (one.text, one.file, one.vanishes) == ("", None, True)


def test_an_answer_to_another_chat_names_whom_it_answers() -> None:
    origin = types.MessageFwdHeader(NOW, from_id=types.PeerChannel(9))
    header = types.MessageReplyHeader(reply_to_peer_id=types.PeerChannel(9), reply_to_msg_id=4, reply_from=origin)
    assert told(message(reply_to=header)).extra == {"reply_from": "Flower News"}
    story = types.MessageReplyStoryHeader(types.PeerUser(ANNA), 7)
    assert told(message(reply_to=story)).extra == {"reply_to_story": 7}


@pytest.mark.parametrize(
    "said",
    [
        message(peer_id=types.PeerUser(777000), message="Login code: 12345"),
        message(peer_id=types.PeerUser(OLGA), message="a note to myself"),
        message(peer_id=types.PeerUser(ROBOT), message="/start"),
        message(peer_id=types.PeerChat(5), message="in a group"),
        message(peer_id=types.PeerChannel(9), message="in a channel"),
        types.MessageEmpty(5, types.PeerUser(ANNA)),
    ],
)
def test_what_is_not_said_between_people_is_not_kept(said: Any) -> None:
    assert seen(said, OLGA, people(), NOW) is None


@pytest.mark.parametrize("action", ACTIONS)
def test_everything_that_can_happen_in_a_chat_has_a_name(action: type) -> None:
    name = service_name(object.__new__(action))
    assert name == name.lower()
    assert name


def test_names_are_spelled_as_the_bot_api_spells_them() -> None:
    assert [snake(name) for name in ("PhoneCall", "SetMessagesTTL", "PinMessage")] == [
        "phone_call",
        "set_messages_ttl",
        "pin_message",
    ]


SPANS = {"offset": st.integers(0, 99), "length": st.integers(1, 99)}
MORE: dict[type, dict[str, Any]] = {
    types.MessageEntityPre: {"language": st.sampled_from(["", "python"])},
    types.MessageEntityTextUrl: {"url": st.just("https://example.org")},
    types.MessageEntityMentionName: {"user_id": st.integers(1, 2**40)},
    types.MessageEntityCustomEmoji: {"document_id": st.integers(1, 2**60)},
    types.MessageEntityBlockquote: {"collapsed": st.sampled_from([None, True])},
    types.MessageEntityFormattedDate: {"date": st.just(NOW)},
}
formatting = st.one_of(
    *(
        st.builds(kind, **SPANS, **MORE.get(kind, {}))
        for kind in (*ENTITIES, types.MessageEntityUnknown, types.MessageEntityBankCard)
    )
)
media = st.sampled_from(
    [
        None,
        document(SIZED, NAME),
        document(ROUND),
        document(STICKER),
        types.MessageMediaPhoto(photo=types.PhotoEmpty(1)),
        types.MessageMediaDice(4, "🎲"),
        types.MessageMediaUnsupported(),
    ]
)
written = st.builds(
    message,
    id=st.integers(1, 2**31 - 1),
    message=st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    out=st.booleans(),
    media=media,
    entities=st.none() | st.lists(formatting, max_size=4),
    edit_date=st.none() | st.just(NOW),
    edit_hide=st.none() | st.just(value=True),
    grouped_id=st.none() | st.integers(1, 2**60),
    via_business_bot_id=st.none() | st.just(ROBOT),
    reply_to=st.none() | st.builds(types.MessageReplyHeader, reply_to_msg_id=st.integers(1, 99)),
    fwd_from=st.none() | st.builds(types.MessageFwdHeader, date=st.just(NOW), from_name=st.text("abc", max_size=5)),
)


@given(written)
def test_any_message_can_be_kept_and_means_the_same_after_its_way_over_the_wire(said: Any) -> None:
    one = told(said)
    assert json.loads(json.dumps([one.entities, one.extra])) == [one.entities, one.extra]
    assert one.file is None or json.dumps(one.file.userbot)
    assert one.text == said.message
    assert one.outgoing == (one.sender_id == OLGA)
    assert len(one.entities) == sum(type(entity) in ENTITIES for entity in said.entities or ())
    assert told(tl.read(bytes(said))) == one


@given(st.lists(written, max_size=3), st.text("aя😀", max_size=300))
def test_a_page_that_is_read_when_there_is_time_says_all_that_telethon_reads_in_it(said: Any, name: str) -> None:
    service = types.MessageService(id=5, peer_id=types.PeerUser(ANNA), date=NOW, action=types.MessageActionPinMessage())
    person = types.User(ANNA, access_hash=-7, first_name=name, status=types.UserStatusOnline(NOW))
    page = bytes(types.messages.MessagesSlice(9, messages=[*said, service], topics=[], chats=[], users=[person]))
    assert read(page).to_dict() == tl.read(page).to_dict()


def test_an_answer_that_ends_too_early_is_no_answer() -> None:
    with pytest.raises(BufferError):
        read(bytes(message(message="a" * 90))[:-40])

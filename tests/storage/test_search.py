"""Finding things in a small shop's vault."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, delete
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import search, search_alike, vocabulary
from storage.accounts import Account
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.messages import Message
from storage.notes import Note
from storage.search import CONTACT, MESSAGE, NOTE
from storage.search_question import read
from storage.search_within import Within
from storage.tags import ContactTag, ConversationTag, Tag
from storage.vault import Vault
from storage.vocabulary import latin

NOON = datetime(2024, 3, 8, 12, tzinfo=UTC)
ANNA, CHEN, SHOP = 1, 2, 900
LAMPS = [  # message id, whose, how many days ago, text
    (1, ANNA, 1, "Is the yellow lamp in stock?"),
    (2, ANNA, 0, "Лампа пришла, спасибо!"),
    (3, CHEN, 9, "A lamp, please"),
    (4, CHEN, 5, "台灯 lamp 很好"),
    (5, CHEN, 5, "no such thing here"),
]


def message(number: int, whose: int, days: int, text: str, kind: str = "text", **facts: Any) -> Message:
    given: dict[str, Any] = {
        "conversation_id": whose * 10,
        "peer_id": whose,
        "sender_id": whose,
        "outgoing": False,
        "sent_at": NOON - timedelta(days=days),
    }
    return Message(id=number, message_id=number, account_id=SHOP, kind=kind, text=text, **given | facts)


async def furnish(session: AsyncSession) -> None:
    session.add(Account(id=SHOP, connected_at=NOON))
    for whose, name in ((ANNA, "Anna Lamprecht"), (CHEN, "陈 Chen")):
        first_seen = NOON - timedelta(days=30)
        session.add(Contact(id=whose, telegram_id=whose, first_name=name, name_key=name, first_seen_at=first_seen))
        await session.flush()
        session.add(Conversation(id=whose * 10, contact_id=whose, account_id=SHOP))
        await search.index(session, CONTACT, [(whose, name)])
    await session.flush()
    session.add_all(message(*lamp) for lamp in LAMPS)
    session.add(message(6, CHEN, 2, "lamp.jpg", "photo"))
    session.add(Note(id=1, contact_id=ANNA, text="wants a lamp", author_id=SHOP, written_at=NOON - timedelta(days=3)))
    await search.index(session, MESSAGE, [(number, text) for number, _, _, text in LAMPS] + [(6, "lamp.jpg")])
    await search.index(session, NOTE, [(1, "wants a lamp")])


@pytest.fixture
async def shop(vault: Vault) -> Vault:
    async with vault.transaction() as session:
        await furnish(session)
    return vault


async def look(shop: Vault, query: str | None, within: Within | None = None, *kinds: str) -> list[tuple[str, int]]:
    async with shop.reading() as session:
        hits = await search.find(session, query, within or Within(), kinds=kinds or search.KINDS)
    return [(hit.kind, hit.id) for hit in hits]


async def test_hits_of_all_kinds_come_newest_first(shop: Vault) -> None:
    everything = [(MESSAGE, 1), (MESSAGE, 6), (NOTE, 1), (MESSAGE, 4), (MESSAGE, 3), (CONTACT, ANNA)]
    assert await look(shop, "lamp") == everything
    assert await look(shop, "лампа") == [(MESSAGE, 2)]
    assert await look(shop, "台灯") == [(MESSAGE, 4)]
    assert await look(shop, "lamp", None, NOTE) == [(NOTE, 1)]
    assert await look(shop, "?!") == []


async def test_pages_go_on_where_the_last_one_ended(shop: Vault) -> None:
    seen: list[tuple[str, int]] = []
    before = None
    async with shop.reading() as session:
        while hits := await search.find(session, "lamp", before=before, limit=2):
            seen += [(hit.kind, hit.id) for hit in hits]
            before = hits[-1].place
    assert seen == await look(shop, "lamp")


@pytest.mark.parametrize("slack", [0, search.SLACK])
async def test_of_one_day_the_newest_come_first_in_whichever_order_they_arrived(
    shop: Vault, monkeypatch: pytest.MonkeyPatch, slack: int
) -> None:
    monkeypatch.setattr(search, "SLACK", slack)
    hours = [number * 37 % 60 for number in range(60)]  # of three days, in no order
    async with shop.transaction() as session:
        for number, hour in enumerate(hours, 100):
            session.add(message(number, ANNA, 0, "a vase", sent_at=NOON - timedelta(hours=hour)))
        await search.index(session, MESSAGE, [(number, "a vase") for number in range(100, 160)])
    newest = [number for _, number in sorted(zip(hours, range(100, 160), strict=True))]
    async with shop.reading() as session:
        assert await paged(session, "vase", before=None) == newest
        assert await paged(session, "vase", after=0) == newest[::-1]


async def paged(session: AsyncSession, words: str, **side: Any) -> list[int]:
    seen: list[int] = []
    while hits := await search.find(session, words, kinds=[MESSAGE], limit=7, **side):
        seen += [hit.id for hit in hits]
        side = dict.fromkeys(side, hits[-1].place)
    return seen


async def test_a_beginning_is_found_however_many_words_begin_so(shop: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    long = "x" * 30 + "lampshade" + "y" * 30
    async with shop.transaction() as session:
        await search.index(session, MESSAGE, [(1, "lampion"), (2, "lamps"), (3, long)])
    for most, common in ((2, vocabulary.COMMON), (search_alike.BEGUN, vocabulary.COMMON), (search_alike.BEGUN, 0)):
        monkeypatch.setattr(search_alike, "BEGUN", most)
        monkeypatch.setattr(vocabulary, "COMMON", common)
        assert await look(shop, "lamp", None, MESSAGE) == [(MESSAGE, 2), (MESSAGE, 1), (MESSAGE, 6), (MESSAGE, 4)]
        assert await look(shop, "the lamp", None, MESSAGE) == []
        assert (
            await look(shop, long[:35], None, MESSAGE) == await look(shop, long[:45], None, MESSAGE) == [(MESSAGE, 3)]
        )
        async with shop.transaction() as session:
            while await vocabulary.digest(session):
                pass


def slips(word: str) -> Iterator[str]:
    """Each letter of a word left out, mistaken, or swapped with the next one, and one too many before it."""
    for at, letter in enumerate(word):
        before, behind = word[:at], word[at + 1 :]
        yield from (before + behind, f"{before}n{behind}", f"{before}n{letter}{behind}")
        yield before + behind[:1] + letter + behind[1:]


async def test_a_slip_in_any_letter_is_forgiven(shop: Vault) -> None:
    known = ["glade", "overnight", "candle", "window", "доставка", "chandelier", "abendbeleuchtung"]
    async with shop.transaction() as session:
        await search.index(session, MESSAGE, [(1, " ".join(known))])
        while await vocabulary.digest(session):
            pass
    async with shop.reading() as session:
        words = await search_alike.Words.of(session, "en")
        assert not words.heard
        typed = {slip: word for word in known for slip in slips(word) if latin(slip) != latin(word)}
        assert len(typed) > 150
        for slip, word in typed.items():
            question = await search_alike.forgiven(words, read(f"{slip} "))  # no beginning of one
            assert word in {phrase.words[0] for phrase in question.phrases}, f"{slip} is {word}"


async def test_what_is_often_written_is_no_slip(shop: Vault) -> None:
    async with shop.transaction() as session:
        await search.index(session, MESSAGE, [(1, "a lamb"), (2, "two lambs"), (3, "lamb and mint")])
    async with shop.reading() as session:
        words = await search_alike.Words.of(session, "en")
        once, twice = [await search_alike.forgiven(words, read(typed)) for typed in ("lamb", "lamd")]
        assert {str(phrase) for phrase in once.phrases} == {'"lamb"*', '"lamp"'}
        assert '"lamb"' in {str(phrase) for phrase in twice.phrases}
    async with shop.transaction() as session:
        await search.index(session, MESSAGE, [(4, "the lamb again")])
    async with shop.reading() as session:
        words = await search_alike.Words.of(session, "en")
        assert await search_alike.forgiven(words, read("lamb")) == read("lamb")


async def test_every_form_of_a_word_is_meant_in_a_long_question_too(shop: Vault) -> None:
    forms = [f"стол{ending}" for ending in ("", "а", "у", "ом", "е", "ы", "ов", "ам", "ами", "ах")]
    async with shop.transaction() as session:
        await search.index(session, MESSAGE, [(1, " ".join([*forms, "cat", "oak", "elm", "ash", "fir", "yew"]))])
    async with shop.reading() as session:
        words = await search_alike.Words.of(session, "ru")
        question = await search_alike.widened(words, read("стол cat oak elm ash fir yew "))
        assert {way.words[0] for way in question.terms[0].ways} == {*forms}


async def test_no_minus_word_is_widened_that_is_short_or_stands_in_quotes(shop: Vault) -> None:
    async with shop.transaction() as session:
        await search.index(session, MESSAGE, [(1, "lamps ins")])
    async with shop.reading() as session:
        words = await search_alike.Words.of(session, "en")
        question = await search_alike.without_forms(words, read('tall -lamp -in -"lamp"'))
    assert [[way.words[0] for way in term.ways] for term in question.without] == [["lamp", "lamps"], ["in"], ["lamp"]]


async def test_what_somebody_wrote_is_found_in_private_and_in_groups(shop: Vault) -> None:
    async with shop.transaction() as session:
        session.add(message(7, ANNA, 0, "lamps for the group", peer_id=-5))
        session.add(message(8, CHEN, 0, "our lamp", outgoing=True, sender_id=SHOP))
        await search.index(session, MESSAGE, [(7, "lamps for the group"), (8, "our lamp")])
    assert await look(shop, "lamp", Within(writer=ANNA)) == [(MESSAGE, 7), (MESSAGE, 1)]
    assert await look(shop, "lamp", Within(writer=CHEN)) == [(MESSAGE, 6), (MESSAGE, 4), (MESSAGE, 3)]
    assert await look(shop, "lamp", Within(ours=True)) == [(MESSAGE, 8)]
    assert await look(shop, None, Within(writer=CHEN, message_kinds=["text"])) == [
        (MESSAGE, number) for number in (5, 4, 3)
    ]


async def test_a_hit_knows_when_it_was_written(shop: Vault) -> None:
    async with shop.reading() as session:
        hit, *_ = await search.find(session, "yellow")
    assert hit.at == NOON - timedelta(days=1)


async def test_search_is_narrowed_to_a_person_a_chat_a_time_or_a_kind(shop: Vault) -> None:
    assert await look(shop, "lamp", Within(contact_id=ANNA)) == [(MESSAGE, 1), (NOTE, 1), (CONTACT, ANNA)]
    assert await look(shop, "lamp", Within(conversation_id=CHEN * 10)) == [(MESSAGE, 6), (MESSAGE, 4), (MESSAGE, 3)]
    assert await look(shop, "lamp", Within(message_kinds=["photo", "voice"])) == [(MESSAGE, 6)]
    days = Within(since=NOON - timedelta(days=5), until=NOON - timedelta(days=2))
    assert await look(shop, "lamp", days) == [(NOTE, 1), (MESSAGE, 4)]
    assert await look(shop, "lamp", Within(contact_id=77)) == []


async def test_several_tags_must_all_be_there_on_the_person_or_the_chat(shop: Vault) -> None:
    async with shop.transaction() as session:
        session.add_all(Tag(id=number, name=f"t{number}", name_key=f"t{number}", made_at=NOON) for number in (1, 2))
        await session.flush()
        session.add(ContactTag(contact_id=CHEN, tag_id=1, put_at=NOON, put_by=SHOP))
        session.add(ConversationTag(conversation_id=CHEN * 10, tag_id=2, put_at=NOON, put_by=SHOP))
        session.add(ContactTag(contact_id=ANNA, tag_id=2, put_at=NOON, put_by=SHOP))
    chens = [(MESSAGE, 6), (MESSAGE, 4), (MESSAGE, 3)]
    assert await look(shop, "lamp", Within(tag_ids=[1, 2])) == chens
    assert await look(shop, "lamp", Within(tag_ids=[1])) == chens
    assert await look(shop, "lamp", Within(tag_ids=[2]), NOTE, CONTACT) == [(NOTE, 1), (CONTACT, ANNA)]
    assert await look(shop, "lamp", Within(tag_ids=[3])) == []


async def test_many_tagged_chats_are_searched_as_well_as_few(shop: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    few = await look(shop, "lamp", Within(contact_id=CHEN))
    monkeypatch.setattr(search, "SCOPES_AT_MOST", 0)
    assert await look(shop, "lamp", Within(contact_id=CHEN)) == few


async def test_an_edited_message_is_found_by_its_new_words_alone(shop: Vault) -> None:
    async with shop.transaction() as session:
        await search.index(session, MESSAGE, [(1, "Is the green sofa in stock?")])
    assert (MESSAGE, 1) not in await look(shop, "lamp")
    assert await look(shop, "sofa") == [(MESSAGE, 1)]


async def test_what_is_dropped_or_deleted_is_not_found(shop: Vault) -> None:
    async with shop.transaction() as session:
        await search.drop(session, MESSAGE, [4])
        await session.exec(delete(Contact).where(col(Contact.id) == ANNA))
        await search.wipe(session)
    assert await look(shop, "lamp") == [(MESSAGE, 6), (MESSAGE, 3)]


async def test_a_note_in_the_bin_is_not_found(shop: Vault) -> None:
    async with shop.transaction() as session:
        note = await session.get_one(Note, 1)
        note.deleted_at = NOON
    assert await look(shop, "lamp", None, NOTE) == []


async def test_a_conversations_words_are_not_found_as_text(shop: Vault) -> None:
    assert await look(shop, "c10") == await look(shop, "ktext") == []


async def test_without_words_the_filters_alone_decide(shop: Vault) -> None:
    assert await look(shop, None, None, MESSAGE) == [(MESSAGE, number) for number in (2, 1, 6, 5, 4, 3)]
    assert await look(shop, None, Within(message_kinds=["photo"])) == [(MESSAGE, 6)]
    assert await look(shop, None, Within(contact_id=ANNA)) == [(MESSAGE, 2), (MESSAGE, 1), (NOTE, 1), (CONTACT, ANNA)]
    days = Within(since=NOON - timedelta(days=5), until=NOON - timedelta(days=1))
    assert await look(shop, None, days, MESSAGE, NOTE) == [(MESSAGE, 6), (NOTE, 1), (MESSAGE, 5), (MESSAGE, 4)]


async def test_a_link_is_found_until_it_is_edited_out(shop: Vault) -> None:
    linked = Within(message_kinds=[search.LINK])
    assert await look(shop, None, linked) == []
    for entities, found in (([{"type": "url", "offset": 0, "length": 4}], [(MESSAGE, 3)]), ([{"type": "bold"}], [])):
        async with shop.transaction() as session:
            (await session.get_one(Message, 3)).entities = entities
            await search.index(session, MESSAGE, [(3, "lamp.example")])
        assert await look(shop, None, linked) == found
        assert await look(shop, "lamp", linked) == found


async def test_a_rare_kind_is_found_without_a_look_at_every_message(shop: Vault) -> None:
    many = range(100, 2100)
    async with shop.transaction() as session:
        session.add_all(message(number, ANNA, 0, "hello") for number in many)
        await search.index(session, MESSAGE, [(number, "hello") for number in many])
    async with shop.reading() as session:
        steps = await counted(session)
        found = await search.find(session, None, Within(message_kinds=["photo"]), kinds=[MESSAGE])
    assert [hit.id for hit in found] == [6]
    assert 0 < len(steps) < len(many)


async def counted(session: AsyncSession) -> list[None]:
    """Grows by one with each step that SQLite takes from now on."""
    steps: list[None] = []
    connection = (await (await session.connection()).get_raw_connection()).driver_connection
    assert connection is not None
    await connection.set_progress_handler(lambda: steps.append(None), 1)
    return steps

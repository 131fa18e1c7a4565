"""Words as people write them, and as they ask for them."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlcipher3 import dbapi2 as sqlcipher

from storage.search_question import read
from storage.search_text import highlight, normalise

TABLE = sqlcipher.connect(":memory:", isolation_level=None)
TABLE.execute("CREATE VIRTUAL TABLE words USING fts5(body, scope, content='', contentless_delete=1, tokenize='ascii')")


def finds(text: str, query: str) -> bool:
    asked = str(read(query))
    if not asked:
        return False
    TABLE.execute("INSERT OR REPLACE INTO words (rowid, body, scope) VALUES (1, ?, 'c1')", (normalise(text),))
    return bool(TABLE.execute("SELECT 1 FROM words WHERE words MATCH ?", (f"{{body}} : ({asked})",)).fetchone())


FOUND = [
    ("Жёлтая ёлка", "елка"),
    ("Желтая елка", "ЁЛКА"),
    ("ПРИВЕТ, МИР", "привет мир"),
    ("мир, привет", "привет мир"),
    ("Доставка завтра", "дост"),
    ("Café crème brûlée", "creme cafe"),
    ("Straße", "STRASSE"),
    ("ΟΔΥΣΣΕΥΣ", "οδυσσευς"),
    ("İstanbul", "istanbul"),
    ("send an e-mail, please", "e-mail"),
    ("I don't know", "don't"),
    ("so it says: exactly this way", '"exactly this way"'),
    ("你好，世界", "世界"),
    ("東京タワーに行く", "タワー"),
    ("안녕하세요", "하세"),
    ("สวัสดีครับ", "สวัสดี"),
    ("नमस्ते दुनिया", "नमस्ते"),
    ("שָׁלוֹם", "שלום"),
    ("مُحَمَّد", "محمد"),
    ("great 👍🏽 job", "👍"),
    ("we ❤️ it", "❤"),
    ("family 👩‍👩‍👧", "👩‍👩‍👧"),
    ("file price_list_2024.pdf", "price list"),
    ("ｆｕｌｌ ｗｉｄｔｈ", "full width"),
    ("order #1047-B", "1047"),
]
NOT_FOUND = [
    ("мой дом", "мои"),
    ("Доставка завтра", "вка"),
    ("a bee", "be"),
    ("this exactly way", '"exactly this"'),
    ("界世", "世界"),
    ("one two", "one three"),
    ("great 👎", "👍"),
    ("c1 k1", "c2"),
    ("anything", "c1"),
    ("anything", ""),
    ("anything", ' "" ()*:^- '),
]


@pytest.mark.parametrize(("text", "query"), FOUND)
def test_what_was_written_is_found(text: str, query: str) -> None:
    assert finds(text, query)
    assert highlight(text, read(query).phrases)


@pytest.mark.parametrize(("text", "query"), NOT_FOUND)
def test_what_was_not_written_is_not_found(text: str, query: str) -> None:
    assert not finds(text, query)


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("Ёлка, ёлки и палки", "елк", ["Ёлка", "ёлки"]),
        ("Café au lait", "cafe lait", ["Café", "lait"]),
        ("Send the E-Mail now", "e-mail", ["E-Mail"]),
        ("one two one", '"one two"', ["one two"]),
        ("red red wine", "red", ["red red"]),
        ("世界你好吗", "你好", ["你好"]),
        ("nice 👍🏽!", "👍", ["👍"]),
        ("STRASSE und Straße", "straße", ["STRASSE", "Straße"]),
        ("İzmir’den", "izmir", ["İzmir"]),
        ("nothing here", "something", []),
    ],
)
def test_hits_are_marked_in_the_text_as_it_was_written(text: str, query: str, marked: list[str]) -> None:
    assert [text[start:end] for start, end in highlight(text, read(query).phrases)] == marked


QUERIES = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="\"*:^-+(){}AND ORNOTEAR.,'\\\0äёй你👍🏽ß\u0301\u0306", max_size=40),
)


@given(query=QUERIES)
@example(query='"')
@example(query="NEAR(a b, 2) AND NOT -x OR {scope} : c1*")
@example(query="\0")
def test_whatever_a_person_types_finds_a_text_that_says_it(query: str) -> None:
    assert finds(f"some text: {query}, and so on", query) == bool(read(query).terms)


@given(text=QUERIES)
def test_any_text_finds_itself_and_marks_lie_within_it(text: str) -> None:
    spans = highlight(text, read(text).phrases)
    assert bool(spans) == bool(read(text).terms)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))

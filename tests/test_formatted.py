"""Other people's words, whatever is in them, become screens that Telegram takes."""

from __future__ import annotations

import html
import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from handlers.screens.formatted import PLAIN, Formatted, units, visible

WORDS = st.text(
    st.one_of(st.sampled_from("ab <>&\"'\n 🦊é\u202e\u200d"), st.characters(exclude_categories=["Cs"])), max_size=60
)
ENTITY = st.fixed_dictionaries(
    {
        "type": st.sampled_from([*PLAIN, "text_link", "text_mention", "url", "custom_emoji", "unheard_of"]),
        "offset": st.integers(0, 70),
        "length": st.integers(0, 70),
        "url": st.sampled_from(["https://example.org/?a=1&b=2", '"><b onclick="x', "javascript:alert(1)"]),
        "user_id": st.integers(1, 10**10),
    }
)
ENTITIES = st.lists(ENTITY, max_size=12)


def shown(markup: str) -> str:
    """What is left after Telegram has taken the elements out; fails where they do not nest."""
    standing: list[str] = []
    for closing, name in re.findall(r"<(/?)([a-z-]+)[^>]*>", markup):
        if closing:
            assert standing.pop() == name
        else:
            standing.append(name)
    assert not standing
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


def cleaned(text: str) -> str:
    return shown(Formatted(text).html)


@given(WORDS, ENTITIES)
def test_any_text_with_any_entities_is_well_formed_and_says_the_same(text: str, entities: list[dict[str, Any]]) -> None:
    rows = [
        entity
        for entity in entities
        # an edge within a surrogate pair is Telegram's own mistake: tested apart
        if all(
            units(text[:place]) == edge or edge > units(text)
            for edge in (entity["offset"], entity["offset"] + entity["length"])
            for place in [_character_at(text, edge)]
        )
    ]
    assert shown(Formatted(text, rows).html) == cleaned(text)


def _character_at(text: str, edge: int) -> int:
    return len(text.encode("utf-16-le")[: 2 * edge].decode("utf-16-le", "ignore"))


@given(WORDS, ENTITIES)
def test_an_entity_that_cuts_a_sign_in_half_breaks_nothing(text: str, entities: list[dict[str, Any]]) -> None:
    assert visible(Formatted(text, entities).html) <= units(text)
    shown(Formatted(text, entities).html)


@given(WORDS, ENTITIES, st.integers(2, 40))
def test_the_parts_of_a_text_fit_and_are_the_whole_text(text: str, entities: list[dict[str, Any]], limit: int) -> None:
    parts = Formatted(text, entities).parts(limit)
    assert "".join(part.text for part in parts) == text
    assert all(units(part.text) <= limit for part in parts)
    assert all(visible(part.html) <= limit for part in parts)


@given(WORDS, ENTITIES, st.integers(2, 40))
def test_a_shortened_text_fits_and_says_that_it_is_short(text: str, entities: list[dict[str, Any]], limit: int) -> None:
    short = Formatted(text, entities).shortened(limit)
    assert units(short.text) <= limit
    assert short.text == text or short.text.endswith("…")
    assert visible(short.html) <= limit


def test_entities_are_counted_as_telegram_counts() -> None:
    text = Formatted("🦊 bold <b>", [{"type": "bold", "offset": 3, "length": 4}])
    assert text.html == "🦊 <b>bold</b> &lt;b&gt;"


def test_crossing_entities_are_closed_and_opened_again() -> None:
    text = Formatted("abc", [{"type": "bold", "offset": 0, "length": 2}, {"type": "italic", "offset": 1, "length": 2}])
    assert text.html == "<b>a<i>b</i></b><i>c</i>"


def test_a_link_with_a_quote_in_it_stays_a_link() -> None:
    text = Formatted("here", [{"type": "text_link", "offset": 0, "length": 4, "url": 'https://x.org/"><b>'}])
    assert text.html == '<a href="https://x.org/&quot;&gt;&lt;b&gt;">here</a>'


def test_words_cannot_turn_the_direction_of_ours() -> None:
    assert Formatted("a\u202eb\u2067c\x00").html == "abc"
    assert Formatted("می\u200cخواهم").html == "می\u200cخواهم"


def test_a_text_is_broken_at_its_lines_or_words() -> None:
    assert [part.text for part in Formatted("one two three\nfour").parts(15)] == ["one two three\n", "four"]
    assert [part.text for part in Formatted("one two three").parts(9)] == ["one two ", "three"]

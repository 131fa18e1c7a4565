"""HTML and MarkdownV2 as Telegram reads them, and its words where it cannot."""

from __future__ import annotations

import html
import re

import pytest
from aiogram.types import MessageEntity
from aiogram.utils.text_decorations import html_decoration, markdown_decoration
from hypothesis import given
from hypothesis import strategies as st

from sandbox.bot_api.formatting import formatted
from sandbox.world import Refused, utf16_length

MARKS = {"bold", "italic", "underline", "strikethrough", "spoiler"}


def read(source: str, mode: str = "HTML") -> tuple[str, list[tuple[str, int, int]]]:
    text, entities = formatted(source, mode, None)
    return text, [(entity.type, entity.offset, entity.length) for entity in entities]


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain", "plain", []),
        ("<b>bold <i>both</i></b>", "bold both", [("bold", 0, 9), ("italic", 5, 4)]),
        ("😀<strong>x</strong>", "😀x", [("bold", 2, 1)]),
        ("a &lt;b&gt; &amp; &quot;c&quot; &#128512; &nbsp;", 'a <b> & "c" 😀 &nbsp;', []),
        ('<a href="https://example.com/?a=1&amp;b=2">link</a>', "link", [("text_link", 0, 4)]),
        ("<a href='tg://user?id=5'>her</a>", "her", [("text_mention", 0, 3)]),
        ("<a>no address</a>", "no address", []),
        ("<code>x &lt; <b>y</b></code>", "x < y", [("code", 0, 5)]),
        ('<pre><code class="language-python">x = 1</code></pre>', "x = 1", [("pre", 0, 5)]),
        ("<blockquote expandable>long</blockquote>", "long", [("expandable_blockquote", 0, 4)]),
        ('<span class="tg-spoiler">x</span><tg-spoiler>y</tg-spoiler>', "xy", [("spoiler", 0, 1), ("spoiler", 1, 1)]),
        ("<B>shouted</B>", "shouted", [("bold", 0, 7)]),
        ("<b></b>x", "x", []),
        ("  <b> x </b>  ", "x", [("bold", 0, 1)]),
        ('<tg-emoji emoji-id="5">👍</tg-emoji>', "👍", []),
        ("1 > 0", "1 > 0", []),
    ],
)
def test_what_html_means(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    assert read(source) == (text, entities)


@pytest.mark.parametrize(
    ("source", "refusal"),
    [
        ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("ж<br>", 'Unsupported start tag "br" at byte offset 2'),
        ("1 < 2", "Unclosed start tag at byte offset 2"),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<a href>x</a>", 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
    ],
)
def test_html_that_telegram_cannot_parse(source: str, refusal: str) -> None:
    with pytest.raises(Refused, match=re.escape(f"can't parse entities: {refusal}")):
        read(source)


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        (r"*bold _both_*", "bold both", [("bold", 0, 9), ("italic", 5, 4)]),
        (r"__under__ ~gone~ ||hidden||", "under gone hidden",
         [("underline", 0, 5), ("strikethrough", 6, 4), ("spoiler", 11, 6)]),
        (r"[a\.b](https://example.com/a\)b)", "a.b", [("text_link", 0, 3)]),
        ("`a*b` ```py\nx\n```", "a*b x", [("code", 0, 3), ("pre", 4, 1)]),
        (r"2\.5 \- 1\!", "2.5 - 1!", []),
        (">quoted\n>more\nnot", "quoted\nmore\nnot", [("blockquote", 0, 12)]),
    ],
)  # fmt: skip
def test_what_markdown_means(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    assert read(source, "MarkdownV2") == (text, entities)


@pytest.mark.parametrize(
    ("source", "refusal"),
    [
        ("2.5", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("ж *x", "Can't find end of Bold entity at byte offset 3"),
        ("`x", "Can't find end of Code entity at byte offset 0"),
    ],
)
def test_markdown_that_telegram_cannot_parse(source: str, refusal: str) -> None:
    with pytest.raises(Refused, match=re.escape(f"can't parse entities: {refusal}")):
        read(source, "MarkdownV2")


def test_an_unknown_parse_mode_is_refused() -> None:
    with pytest.raises(Refused, match="unsupported parse_mode"):
        read("x", "BBCode")


@given(st.text())
def test_escaped_text_means_itself(text: str) -> None:
    shown, entities = read(html.escape(text))
    assert shown == read(text, "")[0]
    assert entities == []


@given(st.text())
def test_any_source_is_either_parsed_or_refused(source: str) -> None:
    for mode in ("HTML", "MarkdownV2"):
        try:
            text, entities = read(source, mode)
        except Refused as refused:
            assert refused.description.startswith("Bad Request: can't parse entities: ")  # noqa: PT017  either is right
        else:
            assert all(0 <= offset < offset + length <= utf16_length(text) for _, offset, length in entities)


@given(st.text(alphabet=st.sampled_from("<>/ab =\"'&;#x1\n"), max_size=40))
def test_html_made_of_its_own_signs_never_breaks_the_parser(source: str) -> None:
    test_any_source_is_either_parsed_or_refused.hypothesis.inner_test(source)  # type: ignore[attr-defined]


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[MessageEntity]]:
    """A text without outer space, and marks over disjoint stretches of it."""
    words = draw(st.lists(st.text(alphabet="aбש😀<&*_.[`\\", min_size=1, max_size=6), min_size=1, max_size=6))
    text, entities = "", []
    for word in words:
        kind = draw(st.sampled_from([*sorted(MARKS), "", "code"]))
        if kind:
            entities.append(MessageEntity(type=kind, offset=utf16_length(text), length=utf16_length(word)))
        text += word + "-"
    return text, entities


@given(marked_texts())
def test_what_aiogram_writes_is_read_back_the_same(marked: tuple[str, list[MessageEntity]]) -> None:
    text, entities = marked
    expected = (text, [(entity.type, entity.offset, entity.length) for entity in entities])
    assert read(html_decoration.unparse(text, entities), "HTML") == expected
    assert read(markdown_decoration.unparse(text, entities), "MarkdownV2") == expected

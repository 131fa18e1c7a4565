"""Every word that a person reads has a translation in every language, with the same places for names and numbers."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from handlers.language import SOURCE, languages

ROOT = Path(__file__).resolve().parent.parent.parent
SPOKEN = ("handlers", "bot")  # the folders that speak to people
KEYWORDS = {"_": None, "ngettext": (1, 2)}
TAG = re.compile(r"</?[a-z][^>]*>")
OTHERS = [code for code in languages() if code != SOURCE]


@cache
def said() -> Catalog:
    """Every text in the code, as the extraction command finds it."""
    catalog = Catalog()
    for folder in SPOKEN:
        for _, line, text, comments, _ in extract_from_dir(ROOT / folder, keywords=KEYWORDS):
            catalog.add(text, None, [("", line)], user_comments=comments)
    return catalog


@cache
def translated(language: str) -> Catalog:
    with (ROOT / "locales" / language / "LC_MESSAGES" / "wysper.po").open("rb") as source:
        return read_po(source, locale=language)


def key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or [""])


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def texts(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def test_a_second_language_is_shipped() -> None:
    assert "ru" in OTHERS


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_has_a_finished_translation(language: str) -> None:
    catalog = translated(language)
    missing = [
        key(message)
        for message in texts(said())
        if (there := catalog.get(key(message))) is None or there.fuzzy or not all(forms(there.string))
    ]
    assert not missing


@pytest.mark.parametrize("language", OTHERS)
def test_no_translation_is_of_a_text_that_is_gone(language: str) -> None:
    assert not [key(message) for message in texts(translated(language)) if said().get(key(message)) is None]


@pytest.mark.parametrize("language", OTHERS)
def test_every_plural_has_all_its_forms(language: str) -> None:
    catalog = translated(language)
    assert not [
        key(message)
        for message in texts(catalog)
        if not isinstance(message.id, str) and len(forms(message.string)) != catalog.num_plurals
    ]


@pytest.mark.parametrize("language", OTHERS)
def test_translations_have_the_same_places_and_the_same_markup(language: str) -> None:
    wrong = [
        key(message)
        for message in texts(translated(language))
        for form in forms(message.string)
        if places(form) != places(forms(message.id)[-1])
        or sorted(TAG.findall(form)) != sorted(TAG.findall(key(message)))
    ]
    assert not wrong


def test_the_template_is_what_the_code_says() -> None:
    with (ROOT / "locales" / "wysper.pot").open("rb") as source:
        template = read_po(source)
    assert {key(message) for message in texts(template)} == {key(message) for message in texts(said())}

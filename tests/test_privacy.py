"""What is kept, said plainly; the policy, clause by clause, for everybody."""

from __future__ import annotations

import pytest

from crm import policy
from handlers.buttons.privacy import Privacy
from handlers.buttons.settings import Settings
from handlers.language import languages
from storage import consents
from tests.people import Desk, Someone


async def test_a_member_reads_what_is_kept_and_what_he_agreed_to(olga: Someone) -> None:
    await olga.writes("/privacy")
    for words in ("What is kept", "How long", "Its key is in another file", "The privacy policy, version", "Being 18"):
        assert words in olga.screen
    await olga.presses("Take everything with me")
    assert "Export" in olga.screen


async def test_who_cannot_change_a_setting_is_not_told_that_he_can(olga: Someone, boris: Someone) -> None:
    for reader, can in ((olga, True), (boris, False)):
        await reader.writes("/privacy")
        assert "stay here, marked" in reader.screen
        assert ("You can change that" in reader.screen) is can


async def test_the_whole_policy_is_there_clause_by_clause(olga: Someone) -> None:
    await olga.writes("/privacy")
    await olga.presses("The whole policy")
    assert "Welcome to Wysper" in olga.screen
    for number in range(1, 15):
        await olga.presses(f"{number}. ")
        assert olga.screen.startswith(f"{number}. ")
        assert "\n\n\n" not in olga.screen
        await olga.presses("Back")
    await olga.presses("3. ")
    assert "\n\n3.2 Telegram\n" in olga.screen  # a heading stands apart
    await olga.presses("Back")
    await olga.presses("Back")
    assert "What you agreed to" in olga.screen


@pytest.mark.parametrize("language", languages())
def test_no_word_of_the_policy_is_lost_between_its_clauses(language: str) -> None:
    written = (policy.FOLDER / language / "policy.txt").read_text(encoding="utf-8")
    shown = " ".join(f"{one.number}. {one.title} {' '.join(one.lines)}" for one in policy.clauses(language))
    assert [word for word in written.split() if word != "-"] == [word for word in shown.split()[1:] if word != "•"]


@pytest.mark.parametrize("language", sorted(languages().keys() - {"en"}))
def test_a_translated_policy_has_every_paragraph_heading_and_point_of_the_english_one(language: str) -> None:
    def shape(language: str) -> list[tuple[int, list[str]]]:
        return [(one.number, [line.split()[0] for line in one.lines]) for one in policy.clauses(language)]

    def kinds(words: list[str]) -> list[str]:
        return [word if word == "•" or word[0].isdigit() else "" for word in words]

    assert policy.is_translated(language)
    assert [(number, kinds(words)) for number, words in shape(language)] == [
        (number, kinds(words)) for number, words in shape("en")
    ]


async def test_the_policy_is_read_in_ones_own_language_and_says_that_english_is_binding(
    desk: Desk, olga: Someone
) -> None:
    await olga.writes("/privacy")
    await olga.presses("The whole policy")
    assert "translation" not in olga.screen
    ivan = desk.newcomer("Иван", language="ru")
    await ivan.writes("/privacy")
    await ivan.presses("Вся политика")
    assert "Добро пожаловать в Wysper" in ivan.screen
    assert "английский" in ivan.screen
    await ivan.presses("10. ")
    assert "младше 18 лет" in ivan.screen


async def test_a_stranger_may_read_the_policy_and_nothing_else(mallory: Someone) -> None:
    await mallory.writes("/privacy")
    assert "Wysper keeps nothing about you" in mallory.screen
    await mallory.presses("The whole policy")
    await mallory.presses("10. Children")
    assert "under 18" in mallory.screen
    await mallory.presses_address(Privacy().pack())
    assert "Wysper keeps nothing about you" in mallory.screen
    await mallory.presses_address(Settings().pack())
    assert "You are not on this team" in mallory.alert


async def test_the_operator_is_named_where_he_has_said_who_he_is(desk: Desk, mallory: Someone) -> None:
    await desk.stop()
    operator = desk.config.operator.model_copy(update={"name": "Flower Hosting", "email": "help@flowers.example"})
    desk.config = desk.config.model_copy(update={"operator": operator})
    await desk.start()
    await mallory.writes("/privacy")
    assert "Flower Hosting" in mallory.screen
    assert "help@flowers.example" in mallory.screen


async def test_new_words_are_shown_and_agreed_to_anew(desk: Desk, olga: Someone) -> None:
    await desk.stop()
    operator = desk.config.operator.model_copy(update={"policy_version": "2"})
    desk.config = desk.config.model_copy(update={"operator": operator})
    await desk.start()
    await olga.writes("/start")
    assert "Our privacy policy has changed" in olga.screen
    await olga.presses("Show me")
    assert "This is version 2" in olga.screen.replace("\u2068", "").replace("\u2069", "")
    await olga.presses("I agree")
    await olga.presses("Go on")
    await olga.writes("/start")
    assert "Olga's Flowers" in olga.screen
    async with desk.app.installation.registry.reading() as session:
        given = [(one.what, one.version) for one in await consents.all_of(session, olga.id)]
    assert given == [("policy", "1"), ("adult", "1"), ("policy", "2"), ("adult", "2")]

"""Olga keeps the filters that she uses each day."""

from __future__ import annotations

from crm import members
from crm.access import enter
from handlers.buttons.queues import QueueList
from handlers.buttons.search import (
    DeleteSearch,
    KeepSearch,
    KeptSearch,
    KeptSearches,
    OpenSearch,
    RenameSearch,
    ShareSearch,
)
from handlers.buttons.sifts import MendSift, SiftCard, SiftList, SiftStage, SiftTags
from handlers.buttons.tags import DeleteTag, MergeTag, NewTagOn, PutTag
from tests.people import OLGA, Desk, Someone
from tests.test_export import rows, take_everything
from tests.test_fields import opens


async def keeps(someone: Someone, tag: str, name: str) -> None:
    """A filter by one tag, under a name."""
    await someone.writes("/filter")
    await someone.presses("🏷 Tags")
    await someone.presses(tag)
    await someone.presses("Back")
    await someone.presses("⭐ Keep")
    await someone.writes(name)


async def tags_anna(olga: Someone, anna: Someone, *names: str) -> None:
    await anna.writes("Hello", to=olga)
    for name in names:
        await opens(olga, NewTagOn(on="contact", id=1))
        await olga.writes(name)


async def test_a_filter_is_kept_and_stands_below_the_queues_with_how_many_fit_now(
    olga: Someone, anna: Someone, chen: Someone
) -> None:
    await tags_anna(olga, anna, "spring", "dull")
    await chen.writes("Hello", to=olga)
    await keeps(olga, "spring", "Weddings <b>in spring</b>")
    assert "Only you can use it" in olga.screen
    assert "spring" in olga.screen
    await olga.writes("/waiting")
    assert "🎚 Weddings <b>in spring</… · 1" in olga.buttons
    await olga.presses_address(PutTag(on="contact", id=2, tag=1, put=True).pack())
    await olga.writes("/waiting")
    await olga.presses("🎚 Weddings")
    assert "Weddings <b>in spring</b>" in olga.screen
    assert "2 contacts" in olga.screen
    await olga.presses("Chen")
    await olga.presses("Back")
    await olga.presses("🎚 Filter")
    await olga.presses("Queue")
    await olga.presses("Closed")
    assert "Nobody fits." in olga.screen
    await olga.writes("/waiting")
    assert any(label.endswith("· 2") for label in olga.buttons)


async def test_the_team_uses_a_shared_filter_and_its_owner_renames_deletes_and_brings_it_back(
    olga: Someone, anna: Someone, vera: Someone
) -> None:
    await tags_anna(olga, anna, "spring")
    await keeps(olga, "spring", "Spring")
    await vera.writes("/waiting")
    assert "Spring" not in "".join(vera.buttons)
    await olga.presses("Share with the team")
    await vera.writes("/waiting")
    await vera.presses("🎚 👥 Spring · 1")
    assert "Anna" in "".join(vera.buttons)
    await vera.presses("🎚 Filter")
    await vera.presses("🏷 Tags")
    await vera.presses("spring")
    await vera.presses("Back")
    assert "0 contacts" in vera.screen
    await olga.presses("Rename")
    await olga.writes("Tulips")
    await olga.presses("Delete")
    assert "This filter is deleted" in olga.screen
    await vera.presses_address(SiftList(id=1).pack())
    assert "This filter is too old" in f"{vera.screen} {vera.alert}"
    await olga.presses("Bring it back")
    await olga.presses("Look")
    assert "Tulips" in olga.screen
    assert "1 contact" in olga.screen
    archive = await take_everything(olga)
    (kept,) = rows(archive, "searches")
    assert (kept["name"], kept["kind"], kept["sieve"]["tags"]) == ("Tulips", "filter", [1])


async def test_a_filter_whose_tag_is_merged_goes_along_and_one_whose_tag_is_deleted_says_so(
    olga: Someone, anna: Someone
) -> None:
    await tags_anna(olga, anna, "spring", "sprung")
    await keeps(olga, "sprung", "Weddings")
    await olga.presses_address(MergeTag(id=2, into=1, sure=True).pack())
    await opens(olga, SiftList(id=1))
    assert "1 contact" in olga.screen
    await opens(olga, DeleteTag(id=1, sure=True))
    await olga.writes("/waiting")
    await olga.presses("🎚 Weddings · 0")
    assert "is deleted, so nobody fits" in olga.screen
    await olga.presses("🎚 Filter")
    assert not any("Change all" in label for label in olga.buttons)
    await olga.presses("Leave it out")
    assert "Everybody." in olga.screen
    assert "1 contact" in olga.screen


async def test_a_viewer_keeps_filters_for_himself_alone(
    desk: Desk, olga: Someone, anna: Someone, vera: Someone
) -> None:
    await tags_anna(olga, anna, "spring")
    await keeps(olga, "spring", "Hers")
    async with enter(desk.app.installation, OLGA, 1) as seat:
        await members.set_role(seat, vera.id, "viewer")
    await vera.writes("/start")
    await keeps(vera, "spring", "Mine alone")
    assert not any("Share" in label for label in vera.buttons)
    await vera.writes("/waiting")
    assert "🎚 Mine alone · 1" in vera.buttons
    for theirs in (SiftCard(id=1), SiftList(id=1), SiftTags(id=1), KeptSearch(id=1), MendSift(id=1), OpenSearch(id=1)):
        await vera.presses_address(theirs.pack())
        assert "Hers" not in vera.screen
    await olga.presses_address(KeptSearches().pack())
    assert "Mine alone" not in "".join(olga.buttons)


async def test_mallory_keeps_and_sees_no_filter(olga: Someone, anna: Someone, mallory: Someone) -> None:
    await tags_anna(olga, anna, "spring")
    await keeps(olga, "spring", "Secret")
    await olga.presses("Share with the team")
    await mallory.writes("/start")
    for one in (
        *(KeepSearch(id=1), KeptSearch(id=1), OpenSearch(id=1), RenameSearch(id=1), ShareSearch(id=1, on=False)),
        *(DeleteSearch(id=1, on=True), MendSift(id=1), SiftList(id=1), SiftStage(id=1, stage=0), QueueList()),
    ):
        answer = await mallory.presses_address(one.pack())
        assert answer is not None
        assert "not on this team" in answer.text
        assert "Secret" not in mallory.screen
    await olga.writes("/waiting")
    assert "🎚 👥 Secret · 1" in olga.buttons

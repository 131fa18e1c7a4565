"""By which way an answer goes: every state of both roads, every age of the client's last word, one decision."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.replies.ways import Bar, Choice, Way, choose
from crm.roads import Roads
from storage.accounts import Account, BusinessConnection, UserbotSession

NOW = datetime(2026, 5, 3, 14, 2, tzinfo=UTC)
JUST_NOW, LONG_AGO = NOW - timedelta(hours=1), NOW - timedelta(hours=25)
BUSINESS = ("none", "off", "mute", "well")
DEVICES = ("none", "revoked", "paused", "frozen", "off", "connecting", "offline", "waiting", "live")


def roads(official: str, linked: str, *, limited_at: datetime | None = None) -> Roads:
    business = BusinessConnection(
        account_id=1,
        connection_id="c",
        user_chat_id=1,
        enabled=official != "off",
        rights={} if official == "mute" else {"can_reply": True},
        connected_at=NOW,
        changed_at=NOW,
    )
    device = UserbotSession(
        account_id=1,
        dc_id=2,
        server_address="",
        port=1,
        auth_key=b"",
        state="revoked" if linked == "revoked" else "linked",
        reason="FROZEN_METHOD_INVALID" if linked == "frozen" else None,
        paused_at=NOW if linked in {"paused", "frozen"} else None,
        limited_at=limited_at,
        linked_at=NOW,
        changed_at=NOW,
    )
    return Roads(
        Account(id=1, connected_at=NOW),
        business if official != "none" else None,
        device if linked != "none" else None,
        linked,
    )


@pytest.mark.parametrize(
    ("official", "linked", "last", "way", "bars"),
    [
        ("well", "none", JUST_NOW, Way.BUSINESS, {}),
        ("well", "live", JUST_NOW, Way.BUSINESS, {}),
        ("well", "live", LONG_AGO, Way.USERBOT, {Way.BUSINESS: Bar.SILENT}),
        ("well", "none", LONG_AGO, Way.COPY, {Way.BUSINESS: Bar.SILENT, Way.USERBOT: Bar.NONE, Way.DRAFT: Bar.NONE}),
        ("mute", "live", JUST_NOW, Way.USERBOT, {Way.BUSINESS: Bar.NO_RIGHT}),
        ("off", "waiting", JUST_NOW, Way.USERBOT, {Way.BUSINESS: Bar.OFF}),
        ("none", "live", None, Way.DRAFT, {Way.BUSINESS: Bar.NONE, Way.USERBOT: Bar.FIRST}),
        (
            "none",
            "paused",
            JUST_NOW,
            Way.COPY,
            {Way.BUSINESS: Bar.NONE, Way.USERBOT: Bar.PAUSED, Way.DRAFT: Bar.PAUSED},
        ),
        ("well", "paused", JUST_NOW, Way.BUSINESS, {}),
        ("well", "frozen", JUST_NOW, Way.COPY, dict.fromkeys((Way.BUSINESS, Way.USERBOT, Way.DRAFT), Bar.FROZEN)),
        ("none", "revoked", JUST_NOW, Way.COPY, {Way.BUSINESS: Bar.NONE, Way.USERBOT: Bar.ENDED, Way.DRAFT: Bar.ENDED}),
    ],
)
def test_the_first_way_in_which_nothing_stands_is_taken(
    official: str, linked: str, last: datetime | None, way: Way, bars: dict[Way, Bar]
) -> None:
    assert choose(roads(official, linked), last, NOW) == Choice(way, bars)


def test_an_account_that_telegram_limits_is_left_in_peace_for_a_day() -> None:
    lately, before = NOW - timedelta(hours=23), NOW - timedelta(hours=24)
    assert choose(roads("none", "live", limited_at=lately), JUST_NOW, NOW).way is Way.DRAFT
    assert choose(roads("none", "live", limited_at=before), JUST_NOW, NOW).way is Way.USERBOT


@given(
    st.sampled_from(BUSINESS),
    st.sampled_from(DEVICES),
    st.none() | st.timedeltas(timedelta(0), timedelta(days=3)),
    st.dictionaries(st.sampled_from(list(Way)[:3]), st.sampled_from(["PEER_FLOOD", "anything"])),
)
def test_no_way_is_taken_that_is_barred_and_every_one_passed_over_has_its_reason(
    official: str, linked: str, age: timedelta | None, refusals: dict[str, str]
) -> None:
    last = NOW - age if age is not None else None
    choice = choose(roads(official, linked), last, NOW, refusals)
    assert list(choice.bars) == list(Way)[: list(Way).index(choice.way)]
    assert choice.way not in refusals
    if choice.way is Way.BUSINESS:
        assert official == "well"
        assert age is not None
        assert age <= timedelta(hours=24)
    if choice.way in {Way.USERBOT, Way.DRAFT}:
        assert linked in {"live", "waiting", "connecting", "offline"}
    if choice.way is Way.USERBOT:
        assert last is not None

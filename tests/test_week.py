"""Working time between two moments, in every kind of zone and on both sides of a change of the clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.quiet import Hours
from crm.week import DAYS, Week

ZONES = (
    *("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Cairo"),
    *("America/Santiago", "Pacific/Chatham", "Pacific/Kiritimati", "Pacific/Pago_Pago"),
)
SPANS = st.sampled_from([(), ((540, 1080),), ((540, 780), (840, 1080)), ((1080, 1560),), ((0, 1440),), ((540, 1980),)])
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  it says which
OFF = st.frozensets(st.dates(date(2025, 1, 1), date(2026, 12, 31)), max_size=20)
WORK = st.timedeltas(timedelta(), timedelta(days=20))
NINE_TO_SIX = ((Hours(540, 1080),),) * 5 + ((), ())


@st.composite
def weeks(draw: st.DrawFn) -> Week:
    """Any week, also one that is closed, goes on past midnight, or has days off."""
    days = tuple(tuple(Hours(*one) for one in draw(SPANS)) for _ in range(DAYS))
    return Week(draw(st.sampled_from(ZONES)), days, draw(OFF))


def is_open(week: Week, moment: datetime) -> bool:
    """What the sign at the door says, by the clock on the wall."""
    wall = moment.astimezone(ZoneInfo(week.zone))
    today, minute = wall.date(), wall.hour * 60 + wall.minute
    for day, since_midnight in ((today, minute), (today - timedelta(days=1), minute + 1440)):
        if day not in week.off and any(one.begins <= since_midnight < one.ends for one in week.days[day.weekday()]):
            return True
    return not week.is_set


@given(weeks(), MOMENTS)
@settings(deadline=None, max_examples=60)
def test_working_time_is_the_minutes_at_which_the_door_is_open(week: Week, since: datetime) -> None:
    since = since.replace(second=0, microsecond=0)
    minutes = 3 * 24 * 60
    opened = sum(is_open(week, since + timedelta(minutes=minute)) for minute in range(minutes))
    assert week.worked(since, since + timedelta(minutes=minutes)) == timedelta(minutes=opened)


@given(weeks(), MOMENTS, MOMENTS, MOMENTS)
@settings(deadline=None)
def test_working_times_add_up(week: Week, first: datetime, second: datetime, third: datetime) -> None:
    early, middle, late = sorted((first, second, third))
    assert week.worked(early, middle) + week.worked(middle, late) == week.worked(early, late)
    assert timedelta() <= week.worked(early, late) <= late - early
    assert week.worked(late, early) == timedelta()


@given(weeks(), MOMENTS, WORK)
@settings(deadline=None)
def test_the_moment_after_so_much_work_is_that_much_work_away(week: Week, moment: datetime, work: timedelta) -> None:
    after, before = week.after(moment, work), week.before(moment, work)
    assert week.worked(moment, after) == work
    assert week.worked(before, moment) == work
    if work:
        assert week.worked(moment, after - timedelta(seconds=1)) < work
        assert week.worked(before + timedelta(seconds=1), moment) < work


@given(weeks(), MOMENTS)
@settings(deadline=None)
def test_it_opens_when_it_is_closed_and_closes_when_it_is_open(week: Week, now: datetime) -> None:
    now = now.replace(second=0, microsecond=0)
    opens, closes = week.opens(now), week.closes(now)
    if is_open(week, now):
        assert opens is None
    else:
        assert closes is None
    for moment, sign in ((opens, True), (closes, False)):
        if moment is not None:
            assert is_open(week, moment) is sign
            assert is_open(week, moment - timedelta(minutes=1)) is not sign


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 7), 24)])
def test_a_shop_that_never_closes_works_as_long_as_the_day_is(day: date, hours: int) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    week = Week("Europe/Berlin", ((Hours(0, 1440),),) * DAYS)
    midnight = datetime(day.year, day.month, day.day, tzinfo=berlin)
    until = (midnight + timedelta(days=1)).astimezone(UTC)
    assert week.worked(midnight.astimezone(UTC), until) == timedelta(hours=hours)


def test_friday_evening_until_monday_morning_is_one_hour() -> None:
    week = Week("Europe/Berlin", NINE_TO_SIX)
    friday = datetime(2026, 10, 23, 17, 30, tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)
    monday = datetime(2026, 10, 26, 9, 30, tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)
    assert week.worked(friday, monday) == timedelta(hours=1)
    assert week.after(friday, timedelta(hours=1)) == monday
    assert week.before(monday, timedelta(minutes=61)) == friday - timedelta(minutes=1)
    assert week.opens(friday + timedelta(hours=1)) == monday - timedelta(minutes=30)

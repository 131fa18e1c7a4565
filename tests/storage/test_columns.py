"""What is written into SQLite past SQLAlchemy."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from storage.columns import as_stored

moments = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.timezones())  # noqa: DTZ001  bounds


@given(moments | st.builds(lambda moment: moment.replace(microsecond=0), moments))
def test_a_time_is_written_as_sqlalchemy_writes_it(moment: datetime) -> None:
    assert as_stored(moment) == moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f").rjust(26, "0")

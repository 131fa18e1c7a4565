"""A workbook (XLSX) whose cells are what they are: texts that run nothing, numbers, money, and days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

WIDTH = 22  # characters of a column
LONGEST = 32_767  # characters that a cell takes


class Money(NamedTuple):
    """An amount and its currency (ISO 4217)."""

    amount: Decimal
    currency: str


class Workbook:
    """Takes rows one handful after the other. It is made in memory: nothing of it may lie on a disk."""

    def __init__(self, zone: str, head: Sequence[str]) -> None:
        import xlsxwriter  # noqa: PLC0415  few make one, and it takes a moment

        self._file, self._zone, self._row = BytesIO(), ZoneInfo(zone), 0
        self._book: Any = xlsxwriter.Workbook(self._file, {"in_memory": True})
        self._sheet: Any = self._book.add_worksheet()
        self._formats: dict[str, Any] = {}
        self._sheet.set_column(0, len(head) - 1, WIDTH)
        self._sheet.freeze_panes(1, 0)
        for at, name in enumerate(head):
            self._sheet.write_string(0, at, name, self._book.add_format({"bold": True, "bottom": 1}))

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        """More rows below."""
        for row in rows:
            self._row += 1
            for at, value in enumerate(row):
                if value is not None:
                    self._cell(at, value)

    def whole(self) -> bytes:
        """The file; nothing can be added any more."""
        self._book.close()
        return self._file.getvalue()

    def _cell(self, at: int, value: Any) -> None:
        match value:
            case bool():
                self._sheet.write_boolean(self._row, at, value)
            case Money(amount, currency):
                self._sheet.write_number(self._row, at, float(amount), self._format(f"#,##0.00 [${currency}]"))
            case Decimal():
                self._sheet.write_number(self._row, at, float(value))
            case datetime():
                here = value.astimezone(self._zone).replace(tzinfo=None)
                self._sheet.write_datetime(self._row, at, here, self._format("yyyy-mm-dd hh:mm"))
            case date():
                self._sheet.write_datetime(self._row, at, value, self._format("yyyy-mm-dd"))
            case _:  # an id has more digits than a spreadsheet's number
                self._sheet.write_string(self._row, at, str(value)[:LONGEST])

    def _format(self, shape: str) -> Any:
        if shape not in self._formats:
            self._formats[shape] = self._book.add_format({"num_format": shape})
        return self._formats[shape]

"""A table as other programs write it: in whichever encoding, with whichever mark between cells, row by row."""

from __future__ import annotations

import csv
import io
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from crm.contacts_in import cards
from crm.errors import Invalid
from crm.export.spreadsheet import plain

BYTES = 20 * 1000 * 1000  # of a file; what a bot may fetch
ROWS, COLUMNS, CELL = 20_000, 40, 4_000  # signs in a cell; the longest note is not longer
MARKS = ",;\t|"
LOOKED_AT = 30  # rows that tell which mark stands between cells
CYRILLIC = 0.5  # of the letters beyond ASCII, from which on they stand side by side as in Cyrillic words
_BEYOND = re.compile(rb"[\xc0-\xff]+")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_DATA = re.compile(r"\+?[\d\s().\-]{6,}|@\w+|[^@\s]+@[^@\s]+")  # a number or an address: no column is called so
_SEPARATOR = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # Excel's own first line


@dataclass(frozen=True, slots=True)
class Row:
    """One person's cells, and the line of the file where they begin."""

    line: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    """What was read; `broken` are the lines where a card begins that cannot be read. `fixed`: its columns are known."""

    head: Sequence[str]
    rows: Sequence[Row]
    broken: Sequence[int] = ()
    fixed: bool = False


def read(data: bytes) -> Table:
    """Raises Invalid("table"): empty_table, not_text, no_head, too_many_rows, too_many_columns, no_rows."""
    if not data.strip(b"\0\r\n\t ;,\xef\xbb\xbf\xff\xfe"):
        raise Invalid("table", "empty_table")
    if data[:4] == b"PK\x03\x04":
        raise Invalid("table", "workbook")
    text = decoded(data)
    if _CONTROL.search(text):
        raise Invalid("table", "not_text")
    return _cards(text) if cards.begins(text) else _table(text)


def decoded(data: bytes) -> str:
    """The text, in whichever of the usual encodings it stands."""
    for mark, name in ((BOM_UTF8, "utf-8-sig"), (BOM_UTF16_LE, "utf-16"), (BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return data.decode(name, "replace")
    if data[1::2].count(0) > len(data) // 4:
        return data.decode("utf-16-le", "replace")
    if data[::2].count(0) > len(data) // 4:
        return data.decode("utf-16-be", "replace")
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1251" if _looks_cyrillic(data) else "cp1252", "replace")


def _looks_cyrillic(data: bytes) -> bool:
    """Western letters beyond ASCII stand alone among others; Cyrillic ones make whole words."""
    runs = [len(run) for run in _BEYOND.findall(data)]
    return sum(run for run in runs if run > 1) > CYRILLIC * sum(runs)


def _cards(text: str) -> Table:
    found, broken = [], []
    for line, cells in islice(cards.read(text), ROWS + 1):
        if cells is None:
            broken.append(line)
        else:
            found.append(Row(line, [cell[:CELL] for cell in cells]))
    _check(found, broken)
    return Table(cards.COLUMNS, found, broken, fixed=True)


def _check(rows: Sequence[Row], broken: Sequence[int] = ()) -> None:
    if len(rows) + len(broken) > ROWS:
        raise Invalid("table", "too_many_rows", ROWS)
    if not rows and not broken:
        raise Invalid("table", "no_rows")


def _table(text: str) -> Table:
    told = _SEPARATOR.match(text)
    body, skipped = (text[told.end() :], 1) if told else (text, 0)
    mark = told[1] if told else max(MARKS, key=lambda sign: _fits(body, sign))
    try:
        lines = list(islice(_lines(body, mark, skipped), ROWS + 2))
    except csv.Error:  # a cell without an end
        raise Invalid("table", "not_text") from None
    head = [" ".join(cell.split()) for cell in lines[0].cells] if lines else []
    if len(head) > COLUMNS or any(len(row.cells) > COLUMNS for row in lines):
        raise Invalid("table", "too_many_columns", COLUMNS)
    if not any(head) or any(_DATA.fullmatch(cell) for cell in head):
        raise Invalid("table", "no_head")
    _check(lines[1:])
    width = max(len(row.cells) for row in lines)
    return Table([*head, *[""] * (width - len(head))], lines[1:])


def _lines(text: str, mark: str, skipped: int = 0) -> Iterator[Row]:
    reader, line = csv.reader(io.StringIO(text, newline=""), delimiter=mark), 1 + skipped
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield Row(line, [plain(cell)[:CELL].strip() for cell in cells])
        line = reader.line_num + 1 + skipped


def _fits(text: str, mark: str) -> tuple[int, int]:
    """How many of the first rows have as many cells as the head, and how many those are; one cell is no table."""
    try:
        widths = [len(row.cells) for row in islice(_lines(text, mark), LOOKED_AT)]
    except csv.Error:
        return 0, 0
    return (widths.count(widths[0]), widths[0]) if widths and widths[0] > 1 else (0, 0)

"""CSV that a spreadsheet opens without running anything; pure."""

import csv
import io
from collections.abc import Iterable, Sequence

# A cell that starts so is a formula to Excel and its kin (OWASP, "CSV Injection"); the wide forms count too.
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 the full-width forms are meant


def csv_of(lines: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([map(safe, line) for line in lines])
    return text.getvalue()


def safe(cell: str) -> str:
    """As text to a spreadsheet, whatever it starts with."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA_STARTS) else cell

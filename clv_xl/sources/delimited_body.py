"""The data rows of a delimited text, read by a compiled reader into columns of text."""

import re
from io import StringIO

import pandas as pd

from clv_xl.errors import DataError, SourceError
from clv_xl.sources.raw_table import refuse_too_wide

try:
    from pyarrow import ArrowException, BufferReader, string
    from pyarrow import csv as arrow_csv
except ImportError:  # no wheel for WebAssembly: pandas reads alone
    arrow_csv = None

_WIDER = re.compile(r"saw (\d+)")
_OPEN_QUOTE = re.compile(r"EOF inside string starting at row (\d+)")


def read_body(source: str, body: str, delimiter: str, width: int) -> pd.DataFrame:
    r"""Return the records of `body` as text columns 0, 1, …; short rows end in blanks.

    A record with more than `width` fields widens the table. Blank lines stay, as blank rows.

    Examples
    --------
    >>> read_body("a.csv", "7,2024-01-05\n8\n", ",", 2).iloc[:, :2].to_numpy().tolist()
    [['7', '2024-01-05'], ['8', '']]
    """
    if not body.strip():
        raise DataError(f"{source} has a header but no rows below it")
    fast = _read_with_arrow(body, delimiter, width)
    return _read_with_pandas(source, body, delimiter, width) if fast is None else fast


def _read_with_arrow(body: str, delimiter: str, width: int) -> pd.DataFrame | None:
    """Read rows that all have `width` fields, several times as fast; None where one has not."""
    if arrow_csv is None or len(delimiter) > 1:
        return None
    names = [str(position) for position in range(width)]
    try:
        table = arrow_csv.read_csv(
            BufferReader(body.encode()),
            read_options=arrow_csv.ReadOptions(column_names=names, use_threads=False),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter, newlines_in_values='"' in body, ignore_empty_lines=False
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, string()),
                strings_can_be_null=False,
                quoted_strings_can_be_null=False,
            ),
        )
    except (ArrowException, ValueError):
        return None
    columns = dict(enumerate(table.itercolumns()))
    return pd.DataFrame({at: column.to_pandas() for at, column in columns.items()})


def _read_with_pandas(source: str, body: str, delimiter: str, width: int) -> pd.DataFrame:
    """Read rows of any length: a column more than the header at first, then as many as it takes."""
    wide = width + 1
    while True:
        # The reader takes the length of its first record for the longest; this one is.
        ruler = " ".join("-" * wide) if len(delimiter) > 1 else delimiter * (wide - 1)
        try:
            return pd.read_csv(
                StringIO(f"{ruler}\n{body}"),
                sep=delimiter,
                header=None,
                names=range(wide),
                index_col=False,
                dtype=str,
                na_filter=False,
                skip_blank_lines=False,
            ).iloc[1:]
        except pd.errors.ParserError as error:
            wide = _wider(source, str(error), wide)


def _wider(source: str, complaint: str, wide: int) -> int:
    """Return how wide the table must be for the reader to go on, or say why it cannot."""
    longer, quote = _WIDER.search(complaint), _OPEN_QUOTE.search(complaint)
    if longer:
        refuse_too_wide(source, int(longer.group(1)))
        return max(int(longer.group(1)), 2 * wide)
    where = f"data row {quote.group(1)} opens a quotation mark" if quote else "a field"
    raise SourceError(
        f"{source} cannot be read as text with delimiters: {where} that never ends; "
        "export it again, or remove the mark"
    )

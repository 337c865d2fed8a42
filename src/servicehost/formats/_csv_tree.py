"""Parses CSV text into records of cells; an empty cell without quotes is None."""

import re
from typing import Final

from servicehost.contract.errors import MalformedBody, PayloadTooLarge
from servicehost.formats.problems import too_many_items

Record = list[str | None]

_cell = re.compile(r'(?:"((?:[^"]++|"")*+)"|([^,"\r\n][^,\r\n]*+)?)(,|\r\n|\n|\r|\Z)').match


MAX_CELLS: Final = 50_000
"""Maximum cells of a request body: a thousand rows with every member that a message may have."""


def parse_csv(body: bytes, *, rows: int | None = None, cells: int | None = None) -> list[Record]:
    """The records of a UTF-8 body, including the header.

    Args:
        body: the body.
        rows: maximum number of records after the header.
        cells: maximum number of cells.

    Raises:
        PayloadTooLarge: the body has more rows or cells.
        MalformedBody: the body is not UTF-8, or a quote is misplaced.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MalformedBody("The body is not UTF-8. Send CSV in UTF-8.") from error
    records: list[Record] = []
    record: Record = []
    position = count = 0
    while position < len(text) or record:
        found = _cell(text, position)
        if found is None:
            raise MalformedBody(f"The body is not valid CSV: record {len(records) + 1} has a misplaced quote.")
        quoted, bare, end = found.groups()
        record.append(bare if quoted is None else quoted.replace('""', '"'))
        position = found.end()
        count += 1
        if cells is not None and count > cells:
            raise PayloadTooLarge(f"The body has more than {cells} cells. Send fewer rows or columns in one request.")
        if end != ",":
            records.append(record)
            record = []
        if rows is not None and len(records) > rows + 1:
            raise too_many_items(rows)
    return records


__all__ = ["MAX_CELLS", "Record", "parse_csv"]

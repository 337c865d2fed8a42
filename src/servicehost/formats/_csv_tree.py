"""CSV text to records of cells; a cell that is empty and not quoted is None."""

import re

from servicehost.contract.errors import MalformedBody

Record = list[str | None]

_cell = re.compile(r'(?:"((?:[^"]++|"")*+)"|([^,"\r\n][^,\r\n]*+)?)(,|\r\n|\n|\r|\Z)').match


def parse_csv(body: bytes) -> list[Record]:
    """The records of a body in UTF-8, the header among them.

    Raises:
        MalformedBody: it is not UTF-8, or a quote is not where it may be.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MalformedBody("The body is not UTF-8. Send CSV in UTF-8.") from error
    records: list[Record] = []
    record: Record = []
    position = 0
    while position < len(text) or record:
        found = _cell(text, position)
        if found is None:
            raise MalformedBody(f"The body is not valid CSV: record {len(records) + 1} has a misplaced quote.")
        quoted, bare, end = found.groups()
        record.append(bare if quoted is None else quoted.replace('""', '"'))
        position = found.end()
        if end != ",":
            records.append(record)
            record = []
    return records


__all__ = ["Record", "parse_csv"]

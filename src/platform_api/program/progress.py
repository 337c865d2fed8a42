"""Progress bars of long commands, on standard error."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as _Bars

from platform_api.database.backups import Progress


@contextmanager
def shown(title: str) -> Iterator[Progress]:
    """A bar with a title, until the end of the `with` block; what is not a terminal gets its last state only."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with _Bars(*columns, console=Console(stderr=True)) as bars:
        task = bars.add_task(title, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)


__all__ = ["shown"]

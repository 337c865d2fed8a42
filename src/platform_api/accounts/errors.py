"""The errors of accounts."""

from servicehost.contract.errors import Gone, NotFound


class UnknownLink(NotFound):
    """The token of a link is not genuine."""

    def __init__(self) -> None:
        super().__init__("This link is not valid. Copy it whole from the mail.")


class LinkExpired(Gone):
    """A genuine link whose time is over, or that was used."""

    def __init__(self, next_step: str) -> None:
        super().__init__(f"This link has expired or was used already. {next_step}")


__all__ = ["LinkExpired", "UnknownLink"]

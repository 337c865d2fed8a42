"""The pages behind the links of mails: opening one changes nothing, its button does."""

from platform_api.web.services import WebService

__all__ = ["WebService"]

"""The pages that people see: those behind the links of mails, and the welcome page."""

from platform_api.web.services import WebService

__all__ = ["WebService"]

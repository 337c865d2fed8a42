"""Demonstration of the main task on a real server and a real mail server, with each request and response printed."""

from platform_api.program.demo.story import play

__all__ = ["play"]

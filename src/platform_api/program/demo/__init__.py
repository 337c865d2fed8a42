"""The main job, played against a real server and a real mail server, printing each request and answer."""

from platform_api.program.demo.story import play

__all__ = ["play"]

"""Tests of responses that take long to encode."""

import json
import threading
from dataclasses import replace
from typing import Any

import pytest
from tests.support.asgi import send
from tests.support.demo import BEARER, DemoAuthenticator, Hello, HelloResponse, demo_catalog

from servicehost.contract.call import Answer, Call
from servicehost.contract.catalog import Catalog
from servicehost.contract.types import TypeNode
from servicehost.formats.codec import Encoder, Style
from servicehost.formats.json import FORMAT as JSON
from servicehost.http.app import Host
from servicehost.http.settings import HostSettings


class Threads(set[int]):
    """The threads on which responses were encoded."""

    def encoder(self, node: TypeNode, style: Style) -> Encoder:
        """JSON's encoder, which records its thread."""
        encode = JSON.encoder(node, style)

        def write(value: Any) -> bytes:
            self.add(threading.get_ident())
            return encode(value)

        return write


def _host(threads: Threads, *, large: bool) -> Host:
    async def greet(message: Hello, _call: Call) -> Answer:
        return Answer(HelloResponse(result=f"Hello, {message.name}"), large=large)

    catalog = Catalog(demo_catalog().service, {Hello: greet})
    formats = [replace(JSON, encoder=threads.encoder)]
    return Host(catalog, formats, DemoAuthenticator(frozenset()), HostSettings(access_log=False))


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize(("target", "body"), [("/api/Hello", {"Name": "Sun"}), ("/api/Hello[]", [{"Name": "Sun"}])])
async def test_a_large_answer_is_written_beside_the_event_loop(target: str, body: Any, large: bool) -> None:
    """A large response, single or in a batch, is encoded on a thread; a small one is not."""
    threads = Threads()
    headers = {"Content-Type": "application/json", **BEARER}
    answered = await send(_host(threads, large=large), "POST", target, headers=headers, body=json.dumps(body).encode())

    assert "Hello, Sun" in answered.text
    assert large is (threading.get_ident() not in threads)
    assert 1 == len(threads)

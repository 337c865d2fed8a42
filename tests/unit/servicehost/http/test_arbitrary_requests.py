"""Tests that any request gets a valid reply without an internal error."""

import gzip
from typing import Final
from urllib.parse import quote

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from tests.support.asgi import send
from tests.support.demo import BEARER, COOKIE, OTHER_ID, demo_host

from servicehost.http.settings import HostSettings

HOST: Final = demo_host(HostSettings(access_log=False, cors_origins=("https://friend.example",)))

NAMES: Final = st.sampled_from(["Hello", "UpdateWish", "AddWish", "SignIn", "Forget", "ListWishes", "Nothing", "Join"])
FORMATS: Final = st.sampled_from(["json", "xml", "jsv", "csv", "jsonl", "other", "msgpack", "x-msgpack", "html", "pdf"])
PATHS: Final = st.one_of(
    NAMES.map("/api/{}".format),
    NAMES.map("/api/{}[]".format),
    st.builds("/api/{}.{}".format, NAMES, FORMATS),
    st.builds("/api/{}/reply/{}".format, FORMATS, NAMES),
    st.builds("/api/{}/oneway/{}%5B%5D".format, FORMATS, NAMES),
    st.builds("/api/greetings/{}.{}".format, st.text(max_size=5).map(lambda text: quote(text, safe="")), FORMATS),
    st.sampled_from(["/api/wishes", "/api/forgotten", "/api/metadata", "/api/types", "/", "//health", "/api/%FF"]),
)
VALUES: Final = st.text(max_size=8).map(quote) | st.sampled_from(
    [
        "f",
        "a.b",
        "html",
        "xml",
        "eccn,edv,pp",
        "dh:utm",
        "PUT",
        "DELETE",
        "GET",
        OTHER_ID,
        "[1,2]",
        "{a:b}",
        "%FF",
        "1e999",
    ]
)
KEYS: Final = st.sampled_from(
    ["callback", "format", "jsconfig", "X-Http-Method-Override", "name", "count", "WishId", "ContactId", "op", "lang"]
)
QUERIES: Final = st.lists(st.builds("{}={}".format, KEYS, VALUES), max_size=4).map("&".join)
HEADERS: Final = st.lists(
    st.sampled_from(
        [
            *BEARER.items(),
            *COOKIE.items(),
            ("Accept", "text/html,*/*;q=0.8"),
            ("Accept", "application/x-msgpack"),
            ("Accept", ";;,q=,"),
            ("Accept-Encoding", "br;q=0.5, zstd, *;q=nonsense"),
            ("Content-Encoding", "gzip"),
            ("Content-Encoding", "br"),
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Content-Type", "multipart/form-data; boundary=x"),
            ("Content-Type", "application/msgpack"),
            ("Content-Type", "text/html"),
            ("Origin", "https://friend.example"),
            ("Origin", "null"),
            ("Access-Control-Request-Method", "PUT"),
            ("Sec-Fetch-Site", "cross-site"),
            ("X-Http-Method-Override", "PATCH"),
        ]
    ),
    max_size=6,
    unique_by=lambda pair: pair[0],
)
JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just(OTHER_ID),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)
BODIES: Final = st.one_of(
    st.none(),
    st.binary(max_size=40),
    JSON.map(msgspec.json.encode),
    JSON.map(msgspec.json.encode).map(gzip.compress),
    QUERIES.map(str.encode),
    st.just(b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nSun\r\n--x--\r\n'),
)
METHODS: Final = st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])


@given(method=METHODS, path=PATHS, query=QUERIES, headers=HEADERS, body=BODIES)
async def test_arbitrary_requests(
    method: str, path: str, query: str, headers: list[tuple[str, str]], body: bytes | None
) -> None:
    """The status is below 500, the length is correct, and CORS fields follow the settings."""
    answered = await send(HOST, method, f"{path}?{query}", headers=headers, body=body)

    assert 200 <= answered.status < 500
    if method != "HEAD" and answered.status != 204:
        assert str(len(answered.body)) == answered.header("Content-Length")
    assert answered.header("Access-Control-Allow-Origin") in (None, dict(headers).get("Origin"))

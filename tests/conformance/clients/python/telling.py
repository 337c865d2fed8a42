"""What the programs of this folder share: what they were given, who they are, and how they tell what they saw."""

import json
import os
import re
import sys
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import dtos
from servicestack import Authenticate, JsonServiceClient, WebServiceException
from servicestack.clients import SendContext, WebServiceExceptionType

GIVEN = json.loads(os.environ["GIVEN"])


places: set[str] = set()


def note(sent: SendContext) -> None:
    """Remember where a request was sent to, with a star for each id."""
    places.add(re.sub(r"[0-9a-f-]{36}", "*", urlsplit(sent.url).path))


JsonServiceClient.global_request_filter = note


def tell(name: str, value: Any) -> None:
    """One line of what was seen."""
    sys.stdout.write(json.dumps([name, value]) + "\n")


def address_of(name: str) -> str:
    """An address that nobody else has."""
    return f"{name}.{GIVEN['client'].lower()}@example.com"


def anonymous(url: str = GIVEN["url"]) -> JsonServiceClient:
    """A client of a server that nobody has signed in at."""
    return JsonServiceClient(url)


def older(url: str = GIVEN["url"]) -> JsonServiceClient:
    """The same, which uses the places that clients used before."""
    return JsonServiceClient(f"{url}/api").set_base_path("")


def credentials(who: dict[str, str]) -> Authenticate:
    """What somebody signs in with."""
    return Authenticate(provider="credentials", user_name=who["address"], password=who["password"])


def signed_in(who: dict[str, str], url: str = GIVEN["url"]) -> JsonServiceClient:
    """A client with the bearer token of somebody."""
    client = anonymous(url)
    token = client.send(credentials(who)).bearer_token
    return anonymous(url).set_bearer_token(token)


def own_contact(client: JsonServiceClient) -> str:
    """The contact that the server takes the client for."""
    return client.send(dtos.GetOwnContact()).Contact.ContactId


def refused(act: Callable[[], object]) -> Any:
    """What the client tells of a refusal: status, code, wrong members; and whether it was the renewal that failed."""
    try:
        act()
    except WebServiceException as error:
        status = error.response_status
        told = {"status": error.status_code}
        if status is not None:
            told |= {"code": status.error_code, "message": status.message}
            told["fields"] = [[each.field_name, each.error_code] for each in status.errors or []]
        if error.type == WebServiceExceptionType.REFRESH_TOKEN_EXCEPTION:
            told["while"] = "renewing"
        return told
    return "it was not refused"


def token_mailed_to(address: str, page: str) -> str:
    """The token of the newest link to a page in the letters to an address, which the operator reads."""
    operator, link = signed_in(GIVEN["operator"]), f"{page}?Token="
    while True:
        for mail in operator.send(dtos.GetMailboxMessages()).Messages:
            text = operator.send(dtos.GetMailboxMessage(MessageId=mail.MessageId)).Text if mail.To == address else ""
            if link in text:
                return text.split(link)[1].split()[0]
        time.sleep(0.05)

"""Code shared by the programs of this folder: their arguments, their people, and their reports."""

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
    """Record the address of a request, with a star for each id."""
    places.add(re.sub(r"[0-9a-f-]{36}", "*", urlsplit(sent.url).path))


JsonServiceClient.global_request_filter = note


def tell(name: str, value: Any) -> None:
    """Print one observation."""
    sys.stdout.write(json.dumps([name, value]) + "\n")


def address_of(name: str) -> str:
    """Return a unique address."""
    return f"{name}.{GIVEN['client'].lower()}@example.com"


def anonymous(url: str = GIVEN["url"]) -> JsonServiceClient:
    """Return a client without a sign-in."""
    return JsonServiceClient(url)


def older(url: str = GIVEN["url"]) -> JsonServiceClient:
    """Return a client that uses the older addresses."""
    return JsonServiceClient(f"{url}/api").set_base_path("")


def credentials(who: dict[str, str]) -> Authenticate:
    """Return the credentials of a person."""
    return Authenticate(provider="credentials", user_name=who["address"], password=who["password"])


def signed_in(who: dict[str, str], url: str = GIVEN["url"]) -> JsonServiceClient:
    """Return a client with the bearer token of a person."""
    client = anonymous(url)
    token = client.send(credentials(who)).bearer_token
    return anonymous(url).set_bearer_token(token)


def own_contact(client: JsonServiceClient) -> str:
    """Return the contact that the server assigns to the client."""
    return client.send(dtos.GetOwnContact()).Contact.ContactId


def refused(act: Callable[[], object]) -> Any:
    """Return the client's report of an error: status, code, invalid members, and whether the renewal failed."""
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
    """Return the token of the newest link in the letters to an address, read by the operator."""
    operator, link = signed_in(GIVEN["operator"]), f"{page}?Token="
    while True:
        for mail in operator.send(dtos.GetMailboxMessages()).Messages:
            text = operator.send(dtos.GetMailboxMessage(MessageId=mail.MessageId)).Text if mail.To == address else ""
            if link in text:
                return text.split(link)[1].split()[0]
        time.sleep(0.05)

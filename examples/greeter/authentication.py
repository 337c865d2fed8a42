"""A greeter that knows its callers by their API keys."""

import hashlib
from collections.abc import Mapping

from greeter import HelloResponse, service
from servicehost import Authenticated, Call, Catalog, Host, Principal, Request, RoleHolder, Route, serve
from servicehost.security import Authentication


class GreetMe(Request[HelloResponse]):
    """Greet the caller."""

    access = Authenticated
    changes_state = False
    routes = (Route("/me"),)


class CountKeys(Request[HelloResponse]):
    """Tell how many API keys there are."""

    access = RoleHolder("Admin")
    changes_state = False
    routes = (Route("/keys"),)


class ApiKeys:
    """Authenticates callers by the header field `X-Api-Key`; stores hashes instead of keys."""

    def __init__(self, names: Mapping[str, str], admins: frozenset[str]) -> None:
        self.names = {hashlib.sha256(key.encode()).digest(): name for key, name in names.items()}
        self.admins = admins

    async def authenticate(self, headers: Mapping[str, str], cookies: Mapping[str, str], client: str) -> Authentication:
        """Return the owner of the key, or the reason why the key is invalid."""
        key = headers.get("x-api-key")
        if key is None:
            return Authentication()
        name = self.names.get(hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest())
        if name is None:
            return Authentication(problem="The API key is unknown. Send a valid one in X-Api-Key.")
        return Authentication(Principal(user_id=name, display_name=name), "api_key")

    async def holds_role(self, principal: Principal, role: str) -> bool:
        """Whether the caller holds the role now."""
        return role == "Admin" and principal.user_id in self.admins


keys = ApiKeys({"key-of-the-sun": "Sun", "key-of-the-moon": "Moon"}, admins=frozenset({"Sun"}))


async def greet_me(message: GreetMe, call: Call) -> HelloResponse:
    """Greet the caller; the operation requires authentication, so there is one."""
    assert call.principal is not None
    return HelloResponse(result=f"Hello, {call.principal.display_name}!")


async def count_keys(message: CountKeys, call: Call) -> HelloResponse:
    """Tell the number of keys."""
    return HelloResponse(result=f"There are {len(keys.names)} API keys.")


app = Host(Catalog(service, {GreetMe: greet_me, CountKeys: count_keys}), authenticator=keys)

if __name__ == "__main__":
    serve(app, port=8080)

"""Who sends a request, and whether it may change anything: mechanism only, the application supplies users and store.

| module | holds |
|---|---|
| `authentication` | what the HTTP edge asks |
| `authenticator` | its implementation: bearer, Basic, cookies |
| `cache` | credentials that were verified a moment ago |
| `access_tokens`, `session_secrets`, `keys` | what is signed and what is random |
| `renewal`, `cookies` | sessions in browsers |
| `passwords` | argon2 in worker threads |
| `origin` | a link, or a page of another site, changes nothing |
| `protocols` | what the application supplies |
| `messages`, `services` | Authenticate, logout, GetAccessToken |
"""

"""`python -m platform_api` is the `platform-api` program."""

from platform_api.cli import main

main()

"""`python -m platform_api` is the `platform-api` program."""

from platform_api.program.cli import main

main()

"""Speed compared with other implementations: the same data and requests in interleaved rounds. See README.md."""

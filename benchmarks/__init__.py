"""Speed, measured against others: the same world and the same requests, in one interleaved run. See README.md."""

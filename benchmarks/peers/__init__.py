"""Other implementations of the same requests, written with care. They run in an environment of their own."""

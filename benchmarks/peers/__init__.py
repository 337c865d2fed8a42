"""Other implementations of the same requests, as a careful team would write them. They run in an environment of their own."""

"""The schema and its history: numbered revisions in `versions/`, applied at start, forward only.

Every revision must leave the code before it working, so that nodes can be replaced one after the other.
"""

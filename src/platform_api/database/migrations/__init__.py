"""The schema history: numbered revisions in `versions/`, applied at start, forward only.

After a revision, the previous version of the code must still work, so that nodes can be replaced one by one.
"""

"""Whether the times of answers, and of the requests right after them, tell what the answers must not tell."""

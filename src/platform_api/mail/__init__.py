"""Letters: queued in the transaction that causes them, sent by a worker, at least once.

| module | for whom |
|---|---|
| `outbox` | capabilities, in their units: `enqueue`, `drop`, `delivery_of`, `merge`, `erase` |
| `kinds`, `mail`, `text` | capabilities, in their `letters.py`: `LetterKind`, `Mail.compose`, `clean_name` |
| `worker`, `smtp`, `mailbox`, `upkeep`, `services` | the composition root |
"""

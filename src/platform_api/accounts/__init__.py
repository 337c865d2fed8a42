"""Accounts: registration, proof of the mailbox, and the password that was forgotten."""

"""Users, their addresses, passwords, sessions and roles: who may sign in, and who is signed in.

Others use `users` in their transactions, `addresses` and `principal`; `sign_in` is given to `servicehost.security`.
"""

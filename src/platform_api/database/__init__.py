"""Units of work, column types, statements and migrations: the only package that depends on the kind of database.

Each module is public.
"""

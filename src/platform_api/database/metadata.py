"""The one MetaData: every package's `tables.py` declares its tables on it, `wiring.py` hands it to the migrations."""

from sqlalchemy import MetaData

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)
"""Constraints are named by this convention, since errors and migrations speak of them by name."""

__all__ = ["metadata"]

"""The role of the people who run the installation."""

OPERATOR = "Operator"
"""Installation-wide role; it gives no right on members' connections."""

__all__ = ["OPERATOR"]

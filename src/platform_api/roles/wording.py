"""Names of roles inside English sentences. Pure.

Role names are titles (`Main Contractor`). Sentences use them in lower case and with an article: "would like to add you
as a main contractor".
"""

from typing import Final

_WITHOUT_ARTICLE: Final = frozenset({"staff"})
"""Names without an article (mass nouns)."""

_VOWELS: Final = frozenset("aeiou")
_SPOKEN_WITH_A_VOWEL: Final = frozenset("AEFHILMNORSX")
"""Letters whose names begin with a vowel sound, for abbreviations: `an NDIS provider`."""


def in_sentence(role: str) -> str:
    """The role name in lower case, except words in capitals and words with a digit."""
    return " ".join(
        word.lower() if len(word) == 1 or (word.isalpha() and word[1:].islower()) else word for word in role.split()
    )


def with_article(role: str) -> str:
    """The role name with its article: `a subcontractor`, `an employee`, `staff`."""
    name = in_sentence(role)
    if not name or name in _WITHOUT_ARTICLE:
        return name
    return f"{'an' if _begins_with_a_vowel(name) else 'a'} {name}"


def _begins_with_a_vowel(name: str) -> bool:
    word = name.split(maxsplit=1)[0]
    return word[0] in (_SPOKEN_WITH_A_VOWEL if word.isupper() else _VOWELS)


__all__ = ["in_sentence", "with_article"]

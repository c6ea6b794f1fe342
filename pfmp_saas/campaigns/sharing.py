"""Pupils shared out between referent teachers, in proportion to the hours that each teaches the class (S-nat 3.1)."""

from collections.abc import Mapping
from fractions import Fraction


def shares(number: int, hours: Mapping[str, float]) -> dict[str, int]:
    """Return how many of ``number`` pupils each teacher follows: the largest remainders take what is left over.

    Teachers without hours take none; equal remainders go by the order given. The shares add up to ``number`` unless
    nobody teaches, when all are 0.
    """
    weights = {who: Fraction(each) for who, each in hours.items() if each > 0}
    total = sum(weights.values())
    exact = {who: number * weight / total for who, weight in weights.items()}
    whole = {who: int(share) for who, share in exact.items()}
    left = number - sum(whole.values()) if weights else 0
    for who in sorted(exact, key=lambda each: whole[each] - exact[each])[:left]:
        whole[who] += 1
    return {who: whole.get(who, 0) for who in hours}


def spread(number: int, hours: Mapping[str, float]) -> list[str | None]:
    """Return the teacher of each of ``number`` pupils, in their order: one teacher's pupils stand together."""
    named: list[str | None] = [who for who, share in shares(number, hours).items() for _ in range(share)]
    return named + [None] * (number - len(named))

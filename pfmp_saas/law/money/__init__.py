"""Durations and amounts that the law reckons: each says how it was found."""

from pfmp_saas.law.money.allowance import Level, guess_level, state_allowance
from pfmp_saas.law.money.amounts import Amount, attested, gratification, transport_a_day
from pfmp_saas.law.money.hourly import hourly_due, least_hourly
from pfmp_saas.law.money.rates import UnknownRate

__all__ = [
    "Amount",
    "Level",
    "UnknownRate",
    "attested",
    "gratification",
    "guess_level",
    "hourly_due",
    "least_hourly",
    "state_allowance",
    "transport_a_day",
]

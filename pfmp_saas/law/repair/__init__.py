"""Mending hours: the nearest lawful timetable of a convention whose hours break the law."""

from pfmp_saas.law.repair.engine import Repair, repair
from pfmp_saas.law.repair.plan import HOURS

__all__ = ["HOURS", "Repair", "repair"]

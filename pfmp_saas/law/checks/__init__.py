"""The law as named, dated, pure rules: facts of a convention in, findings out."""

from pfmp_saas.law.checks.engine import TOPICS, overridable, rules_table, run
from pfmp_saas.law.checks.model import BLOCK, WARN, Finding, Severity

__all__ = ["BLOCK", "TOPICS", "WARN", "Finding", "Severity", "overridable", "rules_table", "run"]

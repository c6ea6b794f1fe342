"""Tests of :mod:`pfmp_saas.halves`."""

"""Tests of :mod:`pfmp_saas.searches`."""

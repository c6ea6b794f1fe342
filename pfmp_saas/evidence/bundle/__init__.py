"""Proof bundles: everything a judge or an inspector needs about one convention, in one file, without asking us."""

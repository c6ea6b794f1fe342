"""Signature requests, signers, links and the ceremony."""

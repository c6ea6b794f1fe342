"""Sealing: certificates for one act, certification at freeze, one PAdES signature per act."""

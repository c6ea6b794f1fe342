"""The checks of a proof bundle: its pieces, its events, their places in the school's log."""

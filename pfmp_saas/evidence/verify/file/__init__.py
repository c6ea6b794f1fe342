"""The checks of a sealed PDF: its bytes, its revisions, its signatures."""

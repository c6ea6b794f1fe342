"""Reading RFC 3161 timestamps."""

"""Files of a school taken in: read, compared with what is known, written in one act, taken back for a day."""

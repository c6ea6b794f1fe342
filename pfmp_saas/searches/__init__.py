"""A placement for every pupil: what each one tried, what the school offered, where free places are."""

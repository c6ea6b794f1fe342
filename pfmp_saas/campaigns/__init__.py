"""Campaigns: one class, its periods, a draft a pupil, corrected together and sent in one act."""

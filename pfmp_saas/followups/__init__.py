"""What the referent teacher owes each placement: a first contact, a visit."""

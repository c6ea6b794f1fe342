"""The pupils of an establishment and what its files say of them."""

"""The type that the tests add: its slug, and the model that it says it follows."""

SLUG, MODEL = "cuisine-2027", "convention du lycée hôtelier"

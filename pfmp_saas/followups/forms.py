"""The form by which a referent notes a contact or a visit."""

from pfmp_saas.core.fields import Day
from pfmp_saas.core.forms import Form


class DoneForm(Form):
    """The day on which it took place."""

    done_on = Day("Fait le")

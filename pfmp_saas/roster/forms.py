"""The form by which a school hands over its files."""

from wtforms import MultipleFileField

from pfmp_saas.core.forms import Form
from pfmp_saas.roster.reading.files import Source


class FilesForm(Form):
    """The files of a list of pupils."""

    liste = MultipleFileField("Fichiers de l’établissement")

    def sources(self) -> list[Source]:
        """Return the files sent, under the names that they had; none where none is."""
        sent = [each for each in self.liste.data or () if getattr(each, "filename", "")]
        return [Source(each.filename, each.read()) for each in sent]

"""Rendering of a convention: a :class:`Content` gives a PDF and the places of its signatures."""

from pfmp_saas.documents.content import Content, Rendered, SignaturePlace
from pfmp_saas.documents.layout import Layout, top
from pfmp_saas.documents.markup import plain
from pfmp_saas.documents.pages import Sheet, build


def render(content: Content) -> Rendered:
    """Return the PDF of ``content``, unsigned and without form fields; the same content gives the same bytes."""
    places: list[SignaturePlace] = []
    layout = Layout(content.signers, places)
    story = top(content.letterhead, content.band)
    story += [plain(content.heading, "title"), plain(content.subheading, "subtitle")]
    for part in content.parts:
        story += layout.part(part)
    sheet = Sheet(content.title, content.author, content.running, content.footer)
    return Rendered(build(story, sheet), tuple(places))

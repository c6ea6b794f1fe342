"""The attestation (education code, D124-9): one page, one signature."""

from pfmp_saas.documents.content import AttestationContent, Rendered, SignaturePlace, Signatures
from pfmp_saas.documents.layout import Layout, top
from pfmp_saas.documents.markup import plain
from pfmp_saas.documents.pages import Sheet, build


def render_attestation(content: AttestationContent) -> Rendered:
    """Return the PDF of ``content``; its one place is named as ``content.signer`` is."""
    places: list[SignaturePlace] = []
    layout = Layout((content.signer,), places)
    story = top(content.letterhead, content.band)
    story += [layout.bookmark(content.heading, 0), plain(content.heading, "title")]
    story += [plain(content.subheading, "subtitle"), *layout.blocks(content.blocks)]
    story += layout.blocks((Signatures("Signature"),))
    return Rendered(build(story, Sheet(content.title, content.author, "", content.footer)), tuple(places))

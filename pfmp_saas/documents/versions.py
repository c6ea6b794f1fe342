"""Versions of the renderer: what is frozen names the one that made its page, and each stays callable.

A change of a single byte of any page is a new version: the former one moves to a module of its own and stays in
:data:`VERSIONS`, so that what was frozen by it can be rendered again, and compared, for as long as it is kept.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from pfmp_saas.documents import attestation, convention
from pfmp_saas.documents.content import AttestationContent, Content, Rendered

RENDERER = "renderer"
"""The key of the version in the first event of a document."""
FIRST = "1"
"""The version of what was frozen before events named one."""
CURRENT = "1"


@dataclass(frozen=True)
class Renderer:
    """One version: a function for each kind of page. The same content gives the same bytes, for ever."""

    convention: Callable[[Content], Rendered]
    attestation: Callable[[AttestationContent], Rendered]


VERSIONS: Mapping[str, Renderer] = MappingProxyType(
    {"1": Renderer(convention.render, attestation.render_attestation)}
)


def render(content: Content, version: str = CURRENT) -> Rendered:
    """Render a convention, or an amendment, by a version of the renderer. Raises KeyError for one that never was."""
    return replace(VERSIONS[version].convention(content), version=version)


def render_attestation(content: AttestationContent, version: str = CURRENT) -> Rendered:
    """Render an attestation by a version of the renderer. Raises KeyError for one that never was."""
    return replace(VERSIONS[version].attestation(content), version=version)

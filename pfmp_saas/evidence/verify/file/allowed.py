"""What a frozen document may hold, object by object: the allow-list that `frozen` walks.

``=X`` is that very name, ``[x]`` a list of such objects, ``{x}`` a dictionary of them.
"""

from collections.abc import Mapping
from types import MappingProxyType

from pfmp_saas.documents.sealing.names import FONT_KEY, STATEMENT_KEY

Allowed = Mapping[str, Mapping[str, str]]
_WORDS, _NUMBER, _NUMBERS, _ANY_NAME, _NAMES, _YES = "words", "number", "numbers", "name", "names", "true"
FONT_PART = FONT_KEY.removeprefix("/")
_STATED = STATEMENT_KEY.removeprefix("/")
_FONT_PARTS = {
    "Type": "=Font",
    "Subtype": "=TrueType",
    "BaseFont": _ANY_NAME,
    "Name": _ANY_NAME,
    "FirstChar": _NUMBER,
    "LastChar": _NUMBER,
    "Widths": _NUMBERS,
    "FontDescriptor": "descriptor",
    "ToUnicode": "stream",
}
_DESCRIPTOR_PARTS = {
    **dict.fromkeys(
        ("Ascent", "CapHeight", "Descent", "Flags", "ItalicAngle", "MissingWidth", "StemV"), _NUMBER
    ),
    "Type": "=FontDescriptor",
    "FontName": _ANY_NAME,
    "FontBBox": _NUMBERS,
    "FontFile2": "stream",
}
_IMAGE_PARTS = {
    "Type": "=XObject",
    "Subtype": "=Image",
    "BitsPerComponent": _NUMBER,
    "ColorSpace": _ANY_NAME,
    "Decode": _NUMBERS,
    "Filter": _NAMES,
    "Height": _NUMBER,
    "Width": _NUMBER,
    "Length": _NUMBER,
    "SMask": "image",
}
_FORM_PARTS = {
    "Type": "=XObject",
    "Subtype": "=Form",
    "FormType": _NUMBER,
    "BBox": _NUMBERS,
    "Matrix": _NUMBERS,
    "Resources": "resources",
    "Filter": _NAMES,
    "Length": _NUMBER,
}
RENDERED: Allowed = MappingProxyType(
    {
        "catalog": {
            "Type": "=Catalog",
            "Lang": _WORDS,
            "Version": _ANY_NAME,
            "PageMode": _ANY_NAME,
            "Pages": "pages",
            "Outlines": "outlines",
            "ViewerPreferences": "viewer",
        },
        "viewer": {"DisplayDocTitle": _YES},
        "pages": {"Type": "=Pages", "Count": _NUMBER, "Kids": "[page]"},
        "page": {
            "Type": "=Page",
            "Contents": "stream",
            "MediaBox": _NUMBERS,
            "Parent": "up",
            "Resources": "resources",
            "Rotate": _NUMBER,
            "Trans": "nothing",
        },
        "nothing": {},
        "resources": {"Font": "{font}", "ProcSet": _NAMES, "XObject": "{drawing}"},
        "font": _FONT_PARTS,
        "descriptor": _DESCRIPTOR_PARTS,
        "drawing": _FORM_PARTS,
        "image": _IMAGE_PARTS,
        "stream": {"Filter": _NAMES, "Length": _NUMBER, "Length1": _NUMBER},
        "outlines": {"Type": "=Outlines", "Count": _NUMBER, "First": "entry", "Last": "entry"},
        "entry": {
            "Title": _WORDS,
            "Dest": "destination",
            "Parent": "up",
            "Prev": "up",
            "Next": "entry",
            "First": "entry",
            "Last": "entry",
            "Count": _NUMBER,
        },
        "information": dict.fromkeys(
            ("Author", "CreationDate", "Creator", "Keywords", "ModDate", "Producer", "Subject", "Title"),
            _WORDS,
        )
        | {"Trapped": _ANY_NAME},
    }
)
"""What each object of a rendering may hold."""
CERTIFIED_PARTS: Allowed = MappingProxyType(
    {
        **RENDERED,
        "catalog": {
            **RENDERED["catalog"],
            "AcroForm": "form",
            _STATED: "stream",
            "Perms": "permissions",
            "DSS": "store",
            "Extensions": "extensions",
        },
        "page": {**RENDERED["page"], "Annots": "[field]"},
        "form": {"Fields": "[field]", "SigFlags": _NUMBER, "DR": "fonts"},
        "fonts": {"Font": "letters"},
        "letters": {FONT_PART: "composite"},
        "composite": {
            "Type": "=Font",
            "Subtype": "=Type0",
            "BaseFont": _ANY_NAME,
            "Encoding": "=Identity-H",
            "DescendantFonts": "[descendant]",
            "ToUnicode": "stream",
        },
        "descendant": {
            "Type": "=Font",
            "Subtype": "=CIDFontType2",
            "BaseFont": _ANY_NAME,
            "CIDSystemInfo": "system",
            "FontDescriptor": "descriptor",
            "CIDToGIDMap": "=Identity",
            "W": "widths",
        },
        "system": {"Registry": _WORDS, "Ordering": _WORDS, "Supplement": _NUMBER},
        "field": {
            "Type": "=Annot",
            "Subtype": "=Widget",
            "FT": "=Sig",
            "T": _WORDS,
            "TU": _WORDS,
            "F": _NUMBER,
            "Rect": _NUMBERS,
            "P": "up",
            "V": "signature",
        },
        "permissions": {"DocMDP": "signature"},
        "signature": {
            "Type": "=Sig",
            "Filter": "=Adobe.PPKLite",
            "SubFilter": "=ETSI.CAdES.detached",
            "Contents": _WORDS,
            "ByteRange": _NUMBERS,
            "M": _WORDS,
            "Name": _WORDS,
            "Reason": _WORDS,
            "Reference": "[reference]",
        },
        "reference": {"Type": "=SigRef", "TransformMethod": "=DocMDP", "TransformParams": "parameters"},
        "parameters": {"Type": "=TransformParams", "V": "=1.2", "P": _NUMBER},
        "store": {"Type": "=DSS"},
        "extensions": {"ESIC": "extension"},
        "extension": {"BaseVersion": _ANY_NAME, "ExtensionLevel": _NUMBER},
    }
)
"""What each object of a certified document may hold."""

"""The attacks on a final PDF, as a table."""

from datetime import timedelta

from tests.support.attacks import Attack, Given
from tests.support.forging_pdf import (
    byte_range,
    closing_at,
    drop_middle_revision,
    evil_annotation,
    flipped,
    form_overlay,
    frozen_with,
    glued_and_linked,
    hybrid,
    last_by,
    null_contents,
    pasted,
    plain,
    shadow_hide,
    shadow_hide_and_replace,
    sneaky_signature,
    stamped_with,
    stripped_stamp,
    with_stamps,
    wrapped,
)
from tests.support.insiders import forged_world, insider, with_hole
from tests.support.sealed_pdf import NOW, rendering, stamped, world
from tests.support.tampering import (
    FINAL_FIELD,
    annotate,
    launch,
    layer,
    move_field,
    overwrite_content,
    replace_page,
    script,
    updated,
)
from tests.support.tsa import Tsa

CHANGED = "modifié le document sans être une signature"
BEYOND = "a modifié autre chose que son champ"


def _pdf(name_, how, check, reason, control=plain):
    return Attack(name_, lambda: Given(how()), check, reason, control)


def _update(name_, tamper, reason=CHANGED):
    return _pdf(name_, lambda: updated(world().final, tamper), "modifications", reason)


def _inside(name_, tamper, reason=BEYOND):
    return _pdf(name_, lambda: insider(world().steps[4], FINAL_FIELD, tamper), "modifications", reason)


PDF_ATTACKS = [
    _pdf("flipped byte", flipped, "signatures-intact", "ont changé depuis"),
    _pdf("stripped last signature", lambda: world().steps[4], "expected-signatures", "il manque Tuteur"),
    _pdf(
        "stripped revision",
        drop_middle_revision,
        "readable",
        "n’a pas la structure des documents du service",
    ),
    _pdf("stripped certification", rendering, "certification", "n’a pas été scellé"),
    _update("appended annotation", annotate),
    _inside("annotation in a signer’s own revision", annotate),
    _update("replaced page", replace_page),
    _inside("page replaced by an insider who signs", replace_page),
    _update("hidden layer", layer),
    _pdf(
        "hidden layer in the frozen document", lambda: frozen_with(layer), "active-content", "/OCProperties"
    ),
    _pdf("shadow attack: hide", shadow_hide, "modifications", CHANGED),
    _update("shadow attack: replace", overwrite_content),
    _update("shadow attack: replace by an overlay", form_overlay),
    _pdf("shadow attack: hide and replace", shadow_hide_and_replace, "modifications", CHANGED),
    _pdf("signature wrapping", wrapped, "signatures-intact", "laisse de côté autre chose"),
    _pdf("universal forgery: empty ByteRange", lambda: byte_range(b"[]"), "signatures-intact", "absurde"),
    _pdf("universal forgery: null ByteRange", lambda: byte_range(b"null"), "signatures-intact", "absurde"),
    _pdf(
        "universal forgery: oversized ByteRange",
        lambda: byte_range(b"[0 10 99999999 99999999]"),
        "signatures-intact",
        "laisse de côté autre chose",
    ),
    _pdf(
        "universal forgery: empty Contents",
        lambda: with_hole(world().final, FINAL_FIELD, b""),
        "signatures-intact",
        "illisible",
    ),
    _pdf(
        "universal forgery: null Contents",
        null_contents,
        "signatures-intact",
        "autre chose que sa signature",
    ),
    _pdf(
        "universal forgery: oversized Contents",
        lambda: with_hole(world().final, FINAL_FIELD, b"30827FFF" + b"41" * 9000),
        "signatures-intact",
        "illisible",
    ),
    _update("evil annotation", evil_annotation),
    _pdf("sneaky signature", sneaky_signature, "expected-signatures", "n’attendait pas"),
    _pdf(
        "second document glued behind",  # of fixed bytes: of another world's, an offset could be the same by chance
        lambda: world().final + rendering("Une tout autre convention"),
        "readable",
        "structure",
    ),
    _pdf("second document glued before", lambda: rendering("Autre") + world().final, "readable", "structure"),
    _pdf(
        "second document glued behind and linked",
        glued_and_linked,
        "readable",
        "illisible",
    ),
    _update("field moved", move_field),
    _inside("another’s field moved by an insider who signs", move_field),
    _update("JavaScript action", script),
    _pdf(
        "JavaScript in the frozen document",
        lambda: frozen_with(script),
        "active-content",
        "OpenAction|JavaScript",
    ),
    _update("launch action", launch),
    _pdf(
        "launch action in the frozen document", lambda: frozen_with(launch), "active-content", "/AA|/Launch"
    ),
    _pdf("hybrid cross-reference", hybrid, "readable", "hybride"),
    _pdf(
        "signature of another convention pasted", pasted, "signatures-intact", "ont changé depuis|illisible"
    ),
    _pdf(
        "certificate of another tenant",
        lambda: last_by(world().key(FINAL_FIELD, world().stranger)),
        "trust",
        "autorité d’un autre établissement",
    ),
    _pdf(
        "certificate expired",
        lambda: last_by(world().key(FINAL_FIELD), NOW + timedelta(days=401)),
        "trust",
        "n’était pas valable à la date",
    ),
    _pdf(
        "self-made root of the same name", lambda: forged_world().final, "trust", "ne remonte pas à la racine"
    ),
    _pdf(
        "one signature under a self-made root",
        lambda: last_by(forged_world().key(FINAL_FIELD)),
        "trust",
        "ne remonte pas à la racine",
    ),
    Attack(
        "timestamp by an unpinned authority",
        lambda: Given(stamped_with(NOW + timedelta(minutes=5), NOW + timedelta(minutes=5, seconds=1), Tsa())),
        "timestamps",
        "pas de confiance",
        with_stamps,
    ),
    Attack(
        "timestamp before the act",
        lambda: Given(stamped_with(NOW + timedelta(minutes=15), NOW + timedelta(minutes=5))),
        "timestamps",
        "antérieur à la signature",
        with_stamps,
    ),
    Attack(
        "timestamp rolled back behind the one before",
        lambda: Given(stamped_with(NOW + timedelta(minutes=2), NOW + timedelta(minutes=2))),
        "timestamps",
        "antérieur à celui de la signature précédente",
        with_stamps,
    ),
    _pdf("timestamp taken away", stripped_stamp, "timestamps", "manque", with_stamps),
    _pdf(
        "closing timestamp rolled back",
        lambda: closing_at(3),
        "closing",
        "antérieur à une signature",
        with_stamps,
    ),
    _pdf(
        "closing stripped",
        lambda: stamped().steps[5],
        "closing",
        "l’horodatage de clôture manque",
        with_stamps,
    ),
]

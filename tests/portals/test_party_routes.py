"""The routes of a convention are the same in every portal that shows it, each under the portal's own permission."""

from pfmp_saas.core.permissions import Permission

PAPERS = {"document", "proof", "attestation_pdf", "amendment_pdf", "amendment_proof"}
PARTY = PAPERS | {"convention", "sign", "sign_amendment"}
SPACES = {
    "company": Permission.HOST_SPACE,
    "teacher": Permission.FOLLOW_STUDENTS,
    "family": Permission.FAMILY_SPACE,
}
ACCIDENTS = {
    "company": Permission.ACCIDENT_RECORD,
    "teacher": Permission.ACCIDENT_RECORD,
    "school": Permission.ACCIDENT_MANAGE,
}
EVALUATIONS = {"teacher": Permission.EVALUATION_READ, "school": Permission.CONVENTION_READ}


def permissions(app, space, names):
    return {app.view_functions[f"{space}.{name}"].permission for name in names}


def test_each_party_reads_and_signs_from_its_own_portal(app):
    for space, permission in SPACES.items():
        assert permissions(app, space, PARTY) == {permission}
    assert permissions(app, "school", PAPERS) == {Permission.CONVENTION_READ}


def test_accidents_and_evaluations_keep_their_permissions(app):
    for space, permission in ACCIDENTS.items():
        assert permissions(app, space, ("accident", "record_accident")) == {permission}
    for space, permission in EVALUATIONS.items():
        assert permissions(app, space, ("evaluation",)) == {permission}


def test_who_declares_an_accident_is_the_school_or_the_host(app):
    declaring = {name.partition(".")[0] for name in app.view_functions if name.endswith(".declare_accident")}
    assert declaring == {"company", "school"}


def test_the_host_never_reads_the_pupils_evaluation(app):
    assert not [name for name in app.view_functions if name.startswith("company.eval")]

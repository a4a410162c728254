# SPDX-License-Identifier: Apache-2.0
"""The words of the record: kinds of paper, refusals, and the acts that every log has.

Each slice words its own acts in the ``AUDIT`` mapping of its ``messages``; ``audit_label`` in templates
and ``web.messages.audit`` in Python return them.
"""

from flask_babel import lazy_gettext as _l

from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.papers import NoSuchPage, UnreadableScan
from exam_portal.web.messages import Words


def _no_such_page(error: NoSuchPage) -> Words:
    return Words(
        _l("The paper has no such page"),
        _l("You named page %(page)s; the scan has %(pages)s.", page=error.page, pages=error.pages),
        _l("Count the pages from the first sheet of the scan and correct the number."),
    )


ERRORS = {
    UnreadableScan: Words(
        _l("The scan cannot be read"),
        _l("The file is neither a readable PDF nor a picture, or it is locked with a password."),
        _l("Scan the paper again as PDF, JPG or PNG, without a password."),
    ),
    NoSuchPage: _no_such_page,
}

LABELS = {
    PaperKind.ESTABLISHMENT: _l("Decision founding the council and its boards"),
    PaperKind.PLAN: _l("Competition plan"),
    PaperKind.APPROVAL: _l("Approval by the chair of the council"),
    PaperKind.NOTICE: _l("Notice of competition"),
    PaperKind.AMENDMENT: _l("Amendment"),
    PaperKind.VETTING_MINUTE: _l("Minutes of vetting"),
    PaperKind.CANDIDATE_LIST: _l("List of candidates"),
    PaperKind.WITHDRAWAL: _l("Withdrawal"),
    PaperKind.COUNCIL_DECISION: _l("Decision of the council"),
    PaperKind.AUTHORITY_DECISION: _l("Decision of the appointing authority"),
    PaperKind.CONFLICT_DECLARATION: _l("Declaration of conflict of interest"),
    PaperKind.ROLE_EXCEPTION: _l("Exception from the separation of duties"),
    PaperKind.PAPER_HANDOVER: _l("Minutes of handing over or opening examination papers"),
    PaperKind.ATTENDANCE_SHEET: _l("Attendance sheet"),
    PaperKind.INCIDENT_MINUTE: _l("Minutes of an incident"),
    PaperKind.SCRIPT_HANDOVER: _l("Minutes of handing over scripts"),
    PaperKind.MARK_SLIP: _l("Mark sheet"),
    PaperKind.LOTS_MINUTE: _l("Minutes of the drawing of lots"),
    PaperKind.COUNT_SHEET: _l("Minutes of counting the ballots"),
    PaperKind.RESULT_SHEET: _l("Result sheet"),
    PaperKind.REVIEW_PAPER: _l("Paper of a review of marking"),
    PaperKind.OPINION: _l("Opinion of the Party committee"),
    PaperKind.RECOGNITION: _l("Decision recognising the result"),
    PaperKind.ANNULMENT: _l("Decision annulling the result"),
    PaperKind.ERASURE: _l("Decision to erase a person's data"),
    PaperKind.OTHER: _l("Other signed paper"),
}

AUDIT = {
    "genesis": _l("The log was opened"),
    "code": _l("The program that acts from here on was stated"),
    "audit.paper_filed": _l("A signed paper was filed with its scan"),
}

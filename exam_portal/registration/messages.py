# SPDX-License-Identifier: Apache-2.0
"""Words of registration: refusals, labels, acts in the record."""

from collections.abc import Mapping

from flask_babel import format_datetime
from flask_babel import lazy_gettext as _l

from exam_portal.registration import errors
from exam_portal.registration.eligibility import Reading
from exam_portal.registration.form_content import (
    AttachmentKind,
    Degree,
    Gender,
    PoliticalTheory,
    StateManagement,
)
from exam_portal.web import filters
from exam_portal.web.messages import Wording, Words

FIELDS = {
    "birth_date": _l("Date of birth"),
    "gender": _l("Gender"),
    "identity_number": _l("Identity number"),
    "phone": _l("Telephone"),
    "address": _l("Address"),
    "present_post": _l("Present post"),
    "present_unit": _l("Present unit"),
    "service_since": _l("In public service since"),
    "history": _l("Work history"),
    "line_manager": _l("Direct line manager"),
    "degree": _l("Highest degree"),
    "degree_field": _l("Field of study"),
    "political_theory": _l("Political theory"),
    "state_management": _l("State-management certificate"),
    "in_planning": _l("In the succession planning list for this post"),
    "nominated_by": _l("Nominated by"),
    "first_appointment": _l("First appointment to this level"),
    "under_discipline": _l("Under discipline or prosecution"),
    "managing_body_consent": _l("The managing body has agreed in writing"),
    "programme_title": _l("Title of the action programme"),
    "preference_category": _l("Category of preference"),
    "preference_points": _l("Preference points claimed"),
    "declared": _l("Declaration"),
}

LABELS = {
    Gender.FEMALE: _l("Female"),
    Gender.MALE: _l("Male"),
    Degree.COLLEGE: _l("College"),
    Degree.BACHELOR: _l("University"),
    Degree.MASTER: _l("Master"),
    Degree.DOCTOR: _l("Doctor"),
    PoliticalTheory.ELEMENTARY: _l("Elementary"),
    PoliticalTheory.INTERMEDIATE: _l("Intermediate"),
    PoliticalTheory.ADVANCED: _l("Advanced"),
    PoliticalTheory.BACHELOR: _l("Bachelor of political theory"),
    StateManagement.SPECIALIST: _l("Specialist grade"),
    StateManagement.PRINCIPAL: _l("Principal specialist grade"),
    StateManagement.SENIOR: _l("Senior specialist grade"),
    AttachmentKind.APPLICATION: _l("Signed application form"),
    AttachmentKind.CURRICULUM: _l("Curriculum vitae (form 2C)"),
    AttachmentKind.DEGREE: _l("Copy of degrees and certificates"),
    AttachmentKind.POLITICAL_THEORY: _l("Political theory certificate"),
    AttachmentKind.HEALTH: _l("Health certificate"),
    AttachmentKind.CONSENT: _l("Letter of consent of the managing body"),
    AttachmentKind.PLANNING: _l("Planning decision"),
    AttachmentKind.APPRAISAL: _l("Appraisal of recent years"),
    AttachmentKind.PREFERENCE: _l("Proof of the preference claimed"),
    AttachmentKind.PROPOSAL: _l("Action programme"),
    AttachmentKind.OTHER: _l("Other document"),
    Reading.MET: _l("Met"),
    Reading.NOT_MET: _l("Not met"),
    Reading.UNKNOWN: _l("To be read by a person"),
}

STATES = {
    "draft": (_l("Draft"), "neutral"),
    "submitted": (_l("Submitted"), "progress"),
    "eligible": (_l("Eligible"), "done"),
    "ineligible": (_l("Not eligible"), "refused"),
    "withdrawn": (_l("Withdrawn"), "neutral"),
}

SOURCES = {"online": _l("Online"), "counter": _l("At the counter")}


def _closed(error: errors.RegistrationClosed) -> Words:
    return Words(
        _l("Registration is closed"),
        _l("Applications could be submitted until %(at)s.", at=format_datetime(error.closed_at)),
        _l("A paper dossier stamped by the counter before that time can still be entered by the counter."),
    )


def _not_open(error: errors.RegistrationNotOpen) -> Words:
    return Words(
        _l("Registration has not opened"),
        _l("Applications can be submitted from %(at)s.", at=format_datetime(error.opens_at)),
        _l("Come back then; the notice says what to prepare."),
    )


def _incomplete(error: errors.FormIncomplete) -> Words:
    fields = ", ".join(str(FIELDS.get(name, name)) for name in error.missing)
    return Words(
        _l("The application is not complete"),
        _l("Still missing: %(fields)s.", fields=fields) if fields else _l("It has not been submitted."),
        _l("Fill in what is missing and submit again. What you typed has been kept."),
    )


def _too_late(error: errors.WithdrawalTooLate) -> Words:
    return Words(
        _l("It is too late to withdraw here"),
        _l("Candidates were summoned on %(at)s.", at=format_datetime(error.summoned_at)),
        _l("Hand a signed letter to the secretary of the council; who stays away is recorded as absent."),
    )


def _before_dossier(error: errors.StampBeforeDossier) -> Words:
    return Words(
        _l("The stamp lies before the dossier"),
        _l("The dossier was taken in on %(at)s.", at=format_datetime(error.stamped_at)),
        _l("Read date and time from the stamp of the withdrawal again."),
    )


def _same_identity(error: errors.SameIdentityNumber) -> Words:
    return Words(
        _l("This identity number has already applied"),
        _l("Receipt %(number)s for the same post bears this identity number.", number=error.receipt_no),
        _l("Check the number, or ask the counter."),
    )


def _undecided(error: errors.ApplicationsUndecided) -> Words:
    return Words(
        _l("The list cannot be approved yet"),
        _l("%(count)s applications have no conclusion.", count=error.count),
        _l("The vetting board concludes on each of them first."),
    )


def _below_minimum(error: errors.BelowMinimum) -> Words:
    return Words(
        _l("Too few candidates: the council has to decide"),
        _l(
            "Post %(code)s has %(eligible)s of at least %(minimum)s candidates.",
            code=error.vacancy_code,
            eligible=error.eligible,
            minimum=error.minimum,
        ),
        _l("Record the council's signed minute: go on, nominate more, or postpone."),
    )


def _out_of_bounds(error: errors.PreferenceOutOfBounds) -> Words:
    return Words(
        _l("So many points cannot be given"),
        _l("Preference gives from 0 to %(most)s points", most=filters.mark(error.most)),
        _l("Write the points as the law gives them, such as 2,5."),
    )


def _full(error: errors.TooManyDocuments) -> Words:
    return Words(
        _l("The dossier takes no more documents"),
        _l("A dossier takes %(count)s documents, those that were removed included.", count=error.most),
        _l("Put several pages into one file, or bring further documents to the counter."),
    )


ERRORS: Mapping[type[Exception], Wording] = {
    errors.TooManyDocuments: _full,
    errors.RegistrationClosed: _closed,
    errors.RegistrationNotOpen: _not_open,
    errors.FormIncomplete: _incomplete,
    errors.WithdrawalTooLate: _too_late,
    errors.StampBeforeDossier: _before_dossier,
    errors.SameIdentityNumber: _same_identity,
    errors.ApplicationsUndecided: _undecided,
    errors.BelowMinimum: _below_minimum,
    errors.DeclareFirst: Words(
        _l("Declare your relations to the candidates first"),
        _l("You sit on a panel of this post. Dossiers open once you have spoken of every candidate."),
        _l("Open My panels, then Declare relations to candidates."),
    ),
    errors.AlreadySubmitted: Words(
        _l("The application has been submitted"),
        _l("A submitted application does not change any more."),
        _l("You can withdraw it, or bring further documents to the counter."),
    ),
    errors.AlreadyApplied: Words(
        _l("There is already an application"),
        _l("This person has an application for this post."),
        _l("Open that application instead."),
    ),
    errors.AlreadyWithdrawn: Words(
        _l("The application has been withdrawn"), _l("It takes no further part."), ""
    ),
    errors.StampInFuture: Words(
        _l("The stamp lies in the future"),
        _l("The time of the counter's stamp cannot be later than now."),
        _l("Read date and time from the stamp again."),
    ),
    errors.VettingNotOpen: Words(
        _l("Vetting is not open"),
        _l("Dossiers are vetted after registration has closed and before the list is approved."),
        _l("Look at the phase of the competition."),
    ),
    errors.FindingsMissing: Words(
        _l("Some criteria have no finding"),
        _l("A conclusion needs a finding on every criterion."),
        _l("Record the missing findings first."),
    ),
    errors.PreferenceNotCounted: Words(
        _l("No preference points are given here"),
        _l("The rules of this competition add no preference points."),
    ),
    errors.PreferenceOutOfBounds: _out_of_bounds,
    errors.PreferenceUndecided: Words(
        _l("The preference has not been decided"),
        _l("The applicant claims preference points; nobody is eligible before the board has said how many."),
        _l("Record the points with their reason first; 0 where the claim fails."),
    ),
    errors.ConclusionContradicts: Words(
        _l("The conclusion does not follow from the findings"),
        _l("Eligible means that every criterion is met; otherwise the applicant is not eligible."),
        _l("Correct a finding with its reason, or choose the other conclusion."),
    ),
    errors.OwnApplication: Words(
        _l("You may not vet this dossier"),
        _l("A relation between you and the applicant has been declared."),
        _l("Leave it to another member of the board."),
    ),
}

AUDIT = {
    "registration.application_started": _l("An application was started"),
    "registration.draft_saved": _l("A draft was saved"),
    "registration.attached": _l("A document was added to a dossier"),
    "registration.attachment_removed": _l("A document was removed from a draft"),
    "registration.submitted": _l("An application was submitted"),
    "registration.dossier_entered": _l("The counter entered a paper dossier"),
    "registration.dossier_refused": _l("The counter refused a late dossier"),
    "registration.withdrawn": _l("An application was withdrawn"),
    "registration.criterion_found": _l("A finding on a criterion was recorded"),
    "registration.preference_found": _l("Preference points were decided"),
    "registration.concluded": _l("A conclusion on an application was recorded"),
    "registration.candidate_excluded": _l("A candidate left the competition"),
    "registration.dossier_viewed": _l("A dossier was opened"),
}

# SPDX-License-Identifier: Apache-2.0
"""Applicants register, confirm their address, fill the form, add documents, submit; the board vets them."""

from collections.abc import Sequence

from exam_portal.rehearsal import scans
from exam_portal.rehearsal.browser import Browser
from exam_portal.rehearsal.people import PASSWORD, Applicant
from exam_portal.rehearsal.play import Contender, Play, last_segment
from exam_portal.rehearsal.stages.founding import CHAIR

DOCUMENTS = ("curriculum", "degree")


def register(play: Play, cast: Sequence[Applicant]) -> None:
    """Every applicant has an account with a confirmed address."""
    browsers = play.crowd(cast, lambda person: _register(play, person))
    play.contenders = [
        Contender(person=person, browser=browser) for person, browser in zip(cast, browsers, strict=True)
    ]


def _register(play: Play, person: Applicant) -> Browser:
    browser = Browser(play.base_url)
    register_at(browser, play, person)
    return browser


def register_at(browser: Browser, play: Play, person: Applicant) -> None:
    """This person has an account with a confirmed address, and is signed in here."""
    browser.act("/register", having="consent", name=person.name, email=person.email, consent="y")
    link = play.letters.link_for(person.email)
    browser.act(link, having="again", password=PASSWORD, again=PASSWORD)


def apply(play: Play) -> None:
    """Every applicant has submitted an application with documents, and holds a receipt."""
    play.crowd(play.contenders, lambda one: apply_for(play, one))
    play.contenders[0].browser.get(f"/me/applications/{play.contenders[0].application}/receipt.pdf")


def apply_for(play: Play, one: Contender) -> None:
    """One person has submitted an application with its documents."""
    browser = one.browser
    notice = browser.open(f"/competitions/{play.competition}")
    page = browser.submit(notice.forms("/applications")[one.person.vacancy])
    one.application = last_segment(page.url)
    page = browser.submit(page.form(having="birth_date"), **_typed(one.person))
    kinds = (*DOCUMENTS, "consent") if one.person.has_consent else DOCUMENTS
    for kind in kinds:
        page = browser.submit(page.form("/documents", having="kind"), kind=kind, file=scans.upload(kind))
    browser.act(f"/me/applications/{one.application}/review", "/review")


def _typed(person: Applicant) -> dict[str, str]:
    return {
        "birth_date": f"{person.born:%d/%m/%Y}",
        "gender": person.gender,
        "identity_number": person.identity_number,
        "phone": "0912345678",
        "present_post": person.post,
        "present_unit": person.unit,
        "service_since": "01/09/2004",
        "degree": "master",
        "degree_field": person.field,
        "political_theory": "advanced",
        "state_management": "principal",
        "in_planning": "yes",
        "under_discipline": "no",
        "managing_body_consent": "yes" if person.has_consent else "no",
        "programme_title": "Đổi mới phương thức quản lý, nâng cao chất lượng phục vụ",
        "declared": "y",
    }


def withdraw(play: Play) -> None:
    """Those who have changed their mind have withdrawn."""
    for one in (one for one in play.contenders if one.person.withdraws):
        one.browser.act(
            f"/me/applications/{one.application}/withdrawal", having="reason", reason="Lý do cá nhân"
        )


def vet(play: Play) -> None:
    """Every application has findings and a conclusion, and the list of candidates is approved."""
    play.staff["organiser"].act(play.place, "/close-registration")
    boards = [browser for key, browser in play.staff.items() if key.startswith("tham-dinh-")]
    standing = [one for one in play.contenders if not one.person.withdraws]
    play.crowd(enumerate(standing), lambda pair: _vet(boards[pair[0] % len(boards)], pair[1]), at_once=4)
    _approve_list(play)


def _approve_list(play: Play) -> None:
    """The list is approved by the chair, or by the secretary with the list that the chair has signed."""
    if "chu-tich-1" in play.staff:
        play.staff["chu-tich-1"].act(f"{play.place}/applications", "/applications/list")
        return
    paper = scans.signed_paper(play.number("DS-HĐTT"), CHAIR, play.now())
    play.staff["thu-ky-1"].act(f"{play.place}/applications", "/applications/list", having="", **paper)


def _vet(board: Browser, one: Contender) -> None:
    address = f"/staff/applications/{one.application}"
    page = board.open(address)
    page = board.submit(next(form for form in page.forms("/findings") if not form.action.count("/findings/")))
    if not one.person.has_consent:
        open_forms = page.forms("/findings/", having="decision")
        reason = "Chưa có văn bản đồng ý của cơ quan quản lý"
        page = board.submit(open_forms[-1], decision="not_met", reason=reason)
    outcome = "eligible" if one.person.has_consent else "ineligible"
    board.submit(page.form("/conclusion", having="outcome"), outcome=outcome)

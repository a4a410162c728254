# SPDX-License-Identifier: Apache-2.0
"""Reading an opened paper: the only place that decrypts one, and shows none before its release."""

import dataclasses
import threading
from collections import OrderedDict
from collections.abc import Callable

from sqlalchemy import select

from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.core.keystore import KeyErased, subkey_of
from exam_portal.papers import errors, queries
from exam_portal.papers.drawing import ANSWER_KEY, PAPER_KEY, SEED, order_commitment
from exam_portal.papers.models import Paper, PaperForm
from question_bank import paper, sealing

CACHED_FORMS = 32


@dataclasses.dataclass(frozen=True, slots=True)
class _Place:
    """What a form is known by: another commitment is another form."""

    key_id: str
    commitment: bytes
    key_commitment: bytes


_forms: OrderedDict[_Place, paper.PaperForm] = OrderedDict()
_mutex = threading.Lock()


def opened_form(session: Session, form_id: int) -> paper.PaperForm:
    """Return the form with its items and key; PaperLocked before release, SealBroken where a byte differs.

    Both commitments are checked, and what candidates see is derived again from the items of the key. A form
    that was opened once is remembered by this process as long as its key exists; the release is asked for
    each time.
    """
    place = _released(session, form_id)
    if not session.keys.exists(place.key_id):
        raise KeyErased(place.key_id)
    with _mutex:
        if place in _forms:
            _forms.move_to_end(place)
            return _forms[place]
    form = _decrypt(session, session.get_one(PaperForm, form_id))
    with _mutex:
        _forms[place] = form
        while len(_forms) > CACHED_FORMS:
            _forms.popitem(last=False)
    return form


def opened_commitment(session: Session, form_id: int) -> str:
    """Return the commitment that the released form has just been opened to, read from the stored bytes."""
    _released(session, form_id)
    row = session.get_one(PaperForm, form_id, populate_existing=True)
    _decrypt(session, row)
    return row.commitment.hex()


def form_to_print(session: Session, form_id: int, *, by: int | None) -> paper.PaperForm:
    """Return the form for its printing: opened, or allowed by two board members, of whom ``by`` is one.

    PaperLocked otherwise. What is read before the start is remembered nowhere.
    """
    row = session.get_one(PaperForm, form_id)
    if queries.is_released(session, row.paper_id):
        return opened_form(session, form_id)
    if by not in queries.print_words(session, row.paper_id, complete=True):
        raise errors.PaperLocked
    return _decrypt(session, row)


def delivery_key(session: Session, form_id: int) -> bytes:
    """Return the key under which candidates' browsers open the form (32 bytes); PaperLocked before release.

    It opens what candidates see and nothing else: the answer key lies under another one.
    """
    return session.keys.subkey(_released(session, form_id).key_id, PAPER_KEY)


def shuffle_seed(session: Session, form_id: int) -> bytes:
    """Return the seed of the candidates' permutations (32 bytes); it names nothing of the content."""
    row = session.get_one(PaperForm, form_id)
    return session.keys.open(row.seed_key_id, row.sealed_seed, SEED)


def order_commitments(session: Session, of: Paper) -> dict[str, str]:
    """Return the hash of each form's seed by the form's code, as the record holds it from the draw on."""
    return {form.code: order_commitment(shuffle_seed(session, form.id)) for form in of.forms}


def candidate_seed(session: Session, form_id: int, candidate: str) -> bytes:
    """Return the seed of one candidate's order (32 bytes), also while nobody can open the form.

    It can be handed out before the start: without the form it says nothing, and nothing of others ever.
    """
    row = session.get_one(PaperForm, form_id)
    return paper.candidate_seed(shuffle_seed(session, form_id), form=row.code, candidate=candidate)


def _released(session: Session, form_id: int) -> _Place:
    found = session.execute(
        select(PaperForm.paper_id, PaperForm.key_id, PaperForm.commitment, PaperForm.key_commitment).where(
            PaperForm.id == form_id
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    if not queries.is_released(session, found.paper_id):
        raise errors.PaperLocked
    return _Place(found.key_id, found.commitment, found.key_commitment)


def items_of(session: Session, of: Paper) -> frozenset[str]:
    """Return the ids of a paper's items while it is closed: only for a draw that may repeat none of them.

    KeyErased where its keys are in shares.
    """
    return frozenset(item.id for form in of.forms for item in _decrypt(session, form).items)


def require_opens(row: PaperForm, key: bytes) -> None:
    """This bare key opens the form to what was committed to, or SealBroken is raised."""
    _opened_with(row, lambda purpose: subkey_of(key, purpose))


def nonces(session: Session, row: PaperForm) -> tuple[bytes, bytes]:
    """Return what blinds the commitments of a released form: of the paper, of the key; 32 bytes each."""
    _released(session, row.id)
    shown = _open(
        paper.PAPER_SCHEMA, row.commitment, row.ciphertext, session.keys.subkey(row.key_id, PAPER_KEY)
    )
    key = session.keys.subkey(row.key_id, ANSWER_KEY)
    return shown.nonce, _open(paper.KEY_SCHEMA, row.key_commitment, row.key_ciphertext, key).nonce


def _decrypt(session: Session, row: PaperForm) -> paper.PaperForm:
    return _opened_with(row, lambda purpose: session.keys.subkey(row.key_id, purpose))


def _opened_with(row: PaperForm, key: Callable[[str], bytes]) -> paper.PaperForm:
    shown = _open(paper.PAPER_SCHEMA, row.commitment, row.ciphertext, key(PAPER_KEY))
    answers = _open(paper.KEY_SCHEMA, row.key_commitment, row.key_ciphertext, key(ANSWER_KEY))
    try:
        return paper.form_of(shown.content, answers.content)
    except paper.InvalidForm as problem:
        raise errors.SealBroken from problem


def _open(schema: str, commitment: bytes, blob: bytes, key: bytes) -> sealing.Opened:
    sealed = sealing.Sealed(schema=schema, commitment=commitment, blob=blob)
    try:
        return sealing.open_sealed(sealed, key)
    except sealing.SealBroken as problem:
        raise errors.SealBroken from problem

# SPDX-License-Identifier: Apache-2.0
"""Reading an opened paper: the only place that decrypts one, and only after its release."""

from exam_portal.core.db import Session
from exam_portal.papers import errors, service
from exam_portal.papers.drawing import ANSWER_KEY, PAPER_KEY, SEED
from exam_portal.papers.models import PaperForm
from question_bank import paper, sealing


def opened_form(session: Session, form_id: int) -> paper.PaperForm:
    """Return the form with its items and key; PaperLocked before release, SealBroken where a byte differs.

    Both commitments are checked, and what candidates see is derived again from the items of the key.
    """
    row = released(session, form_id)
    shown = _open(session, row, paper.PAPER_SCHEMA, row.commitment, row.ciphertext, PAPER_KEY)
    answers = _open(session, row, paper.KEY_SCHEMA, row.key_commitment, row.key_ciphertext, ANSWER_KEY)
    return paper.form_of(shown.content, answers.content)


def shuffle_seed(session: Session, form_id: int) -> bytes:
    """Return the seed of the candidates' permutations (32 bytes); it names nothing of the content."""
    row = session.get_one(PaperForm, form_id)
    return session.keys.open(row.key_id, row.sealed_seed, SEED)


def released(session: Session, form_id: int) -> PaperForm:
    """Return the form's row if its paper has been opened by two officers."""
    row = session.get_one(PaperForm, form_id)
    if not service.is_released(session, row.paper_id):
        raise errors.PaperLocked
    return row


def _open(
    session: Session, row: PaperForm, schema: str, commitment: bytes, blob: bytes, purpose: str
) -> sealing.Opened:
    sealed = sealing.Sealed(schema=schema, commitment=commitment, blob=blob)
    try:
        return sealing.open_sealed(sealed, session.keys.subkey(row.key_id, purpose))
    except sealing.SealBroken as problem:
        raise errors.SealBroken from problem

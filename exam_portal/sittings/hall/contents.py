# SPDX-License-Identifier: Apache-2.0
"""What a package holds, table by table: the columns that travel, and no other.

Of a candidate travel number, name and date of birth (what the attendance list and the look at the identity
card need), nothing else of the dossier; of a member of staff the name and the roles. Keys of people,
passwords and addresses stay at home.
"""

from exam_portal.accounts.models import Account, Organisation
from exam_portal.audit.models import SignedPaper
from exam_portal.competitions.models import Competition, Milestone, Vacancy
from exam_portal.core.actors import Role
from exam_portal.core.db import Base
from exam_portal.papers.models import (
    KeyRelease,
    Paper,
    PaperErratum,
    PaperForm,
    PaperSeal,
    PaperShare,
    PaperSplit,
)
from exam_portal.registration.models import Candidate, Exclusion
from exam_portal.sittings.models import (
    Attempt,
    Attendance,
    BrowserKey,
    ContactGap,
    HandIn,
    Incident,
    LeaseChange,
    PaperTurn,
    ProposalRuling,
    Room,
    RoomBinding,
    Sanction,
    Script,
    ScriptBag,
    Seat,
    SeatCall,
    Sitting,
    SittingEvent,
    SittingMessage,
    Submission,
    TimeGrant,
)

PACK = "hall-pack"  # kinds of parcels
RESULTS = "hall-results"
SCHEMA = "exam-portal/hall/1"

STAFF = (Role.INVIGILATOR, Role.CHAIR, Role.SECRETARY, Role.SETTING_BOARD)  # who travels with a sitting
OFFICERS = frozenset({Role.CHAIR, Role.SECRETARY, Role.SETTING_BOARD})  # whose codes open the paper

Columns = tuple[str, ...]


def _columns(text: str) -> Columns:
    return tuple(text.split())


# In the order in which they are written: what is referred to stands before what refers to it.
SENT: dict[type[Base], Columns] = {
    Organisation: _columns("id public_id parent_id name name_en place governing_name created_at"),
    Account: _columns("id public_id kind language password_hash created_at"),
    Competition: _columns(
        "id public_id organisation_id kind clock_offset_seconds code title title_en ruleset ruleset_hash"
        " legal_basis apply_opens_at apply_closes_at created_by created_at"
    ),
    Vacancy: _columns("id public_id competition_id code title title_en unit level places"),
    Candidate: _columns(
        "id public_id application_id competition_id vacancy_id account_id candidate_no admitted_at"
    ),
    Milestone: _columns("id competition_id kind occurrence actor_id at"),
    Paper: _columns("id public_id competition_id part kind content created_by created_at"),
    PaperForm: _columns(
        "id public_id paper_id code commitment ciphertext key_commitment key_ciphertext key_id"
        " item_count drawn_by drawn_at"
    ),
    PaperSeal: _columns("id paper_id commitments by at"),
    PaperErratum: _columns(
        "id public_id paper_id forms withdraws_id sealed key_id proposed_by proposed_at approved_by"
        " approved_at version version_hash"
    ),
    PaperSplit: _columns("paper_id threshold locked by at"),
    PaperShare: _columns("holder fingerprint"),
    Room: _columns("id public_id competition_id name address capacity"),
    Sitting: _columns(
        "id public_id competition_id part mode paper_id starts_at duration_seconds created_by created_at"
    ),
    RoomBinding: _columns("id room_id networks by at"),
    BrowserKey: _columns("id public_id sitting_id kind key note by at"),
    Seat: _columns("id public_id sitting_id candidate_id room_id label sheet_code"),
    Attempt: _columns("id public_id sitting_id seat_id form_id salt head created_at"),
}

# What a hall sends home. Ids are the hall's own: rows are numbered anew at home, references with them.
RETURNED: dict[type[Base], Columns] = {
    SignedPaper: _columns(
        "id public_id kind number issued_on signed_by title sha256 pages is_confidential filed_by filed_at"
    ),
    SittingEvent: _columns("id room_id kind payload by at"),
    Attendance: _columns("id seat_id status identity_checked arrived_at note supersedes_id by at"),
    TimeGrant: _columns("id public_id room_id seat_id kind seconds reason by at approved_by approved_at"),
    PaperTurn: _columns("id public_id room_id seat_id reason by at approved_by approved_at"),
    Incident: _columns("id public_id room_id seat_id category description occurred_at signed_paper_id by at"),
    ProposalRuling: _columns(
        "id public_id room_id seat_id key kind began_at ended_at verdict reason incident_id by at"
    ),
    SittingMessage: _columns("id public_id room_id seat_id words by at"),
    SeatCall: _columns("id public_id seat_id at answered_by answered_at"),
    ContactGap: _columns("id attempt_id silent_from silent_until"),
    Sanction: _columns("id public_id seat_id level reason by at confirmed_by confirmed_at"),
    Exclusion: _columns("id candidate_id status reason paper_id by at"),
    KeyRelease: _columns("id by at"),
    LeaseChange: _columns("id attempt_id lease device moved_by at"),
    Submission: _columns("id attempt_id kind seq head answered receipt signature at"),
    Script: _columns("id public_id candidate_id source attempt_id sheets collected_by collected_at"),
    HandIn: _columns("id script_id handed_in_at is_signed witness reason by at"),
    ScriptBag: _columns("id public_id label seal_no scripts sheets"),
}
PROJECTION = _columns("id public_id head seq state lease opens_at closes_at accepts_until last_event_at")
LEAF = _columns("type at actor_id subject content salt commitment index")

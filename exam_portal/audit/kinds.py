# SPDX-License-Identifier: Apache-2.0
"""The kinds of signed paper that the register knows (domain 7 lists the documents they come from)."""

import enum


class PaperKind(enum.StrEnum):
    """What was signed. The number of the document in domain 7 stands behind each."""

    ESTABLISHMENT = "establishment"  # 1: decision founding council and boards
    PLAN = "plan"  # 2
    APPROVAL = "approval"  # the chair approves the competition
    NOTICE = "notice"  # 3: the notice as signed and stamped
    AMENDMENT = "amendment"  # a signed change of an announced competition
    VETTING_MINUTE = "vetting_minute"  # 6
    CANDIDATE_LIST = "candidate_list"  # 7
    WITHDRAWAL = "withdrawal"  # 9
    COUNCIL_DECISION = "council_decision"  # 9, 40: proceed, nominate, postpone, tie …
    AUTHORITY_DECISION = "authority_decision"  # what only the appointing authority may decide
    CONFLICT_DECLARATION = "conflict_declaration"  # 10
    ROLE_EXCEPTION = "role_exception"  # the signed exception from the separation of duties
    PAPER_HANDOVER = "paper_handover"  # 13-16: envelopes, seals, opening
    ATTENDANCE_SHEET = "attendance_sheet"  # 17
    INCIDENT_MINUTE = "incident_minute"  # 19-21
    SCRIPT_HANDOVER = "script_handover"  # 23-25
    MARK_SLIP = "mark_slip"  # 26, 27: slips carry a mask code, never a name
    LOTS_MINUTE = "lots_minute"  # 30
    COUNT_SHEET = "count_sheet"  # 32: ballots issued, returned, invalid, the marks
    RESULT_SHEET = "result_sheet"  # 35, signed
    REVIEW_PAPER = "review_paper"  # 37, 38
    OPINION = "opinion"  # the Party committee's opinion: number and date
    RECOGNITION = "recognition"  # 41
    ANNULMENT = "annulment"  # 45
    ERASURE = "erasure"  # the decision to erase a person's data
    OTHER = "other"

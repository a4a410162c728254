# SPDX-License-Identifier: Apache-2.0
"""Every cell of the matrix of domain 2.3, written out here once more by hand."""

import itertools

import pytest

from exam_portal.accounts.duties import Reason, forbidden_pair, matrix
from exam_portal.core.actors import Role

SETTING, INVIGILATOR, MASKING = Role.SETTING_BOARD, Role.INVIGILATOR, Role.MASKING_BOARD
MARKER, REVIEW, OVERSIGHT = Role.MARKER, Role.REVIEW_BOARD, Role.OVERSIGHT
DIRECTION = (Role.CHAIR, Role.SECRETARY)  # who gives out bags and reads the locked marks
COUNCIL = (*DIRECTION, Role.COUNCIL)

# Rows "holds", columns "also": the crosses of the table, with each role that counts as council.
CROSSES: dict[Role, tuple[Role, ...]] = {
    SETTING: (INVIGILATOR, MASKING, MARKER, REVIEW, OVERSIGHT),
    INVIGILATOR: (SETTING, MASKING, MARKER, REVIEW, *COUNCIL, OVERSIGHT),
    MASKING: (SETTING, INVIGILATOR, MARKER, REVIEW, *COUNCIL, OVERSIGHT),
    MARKER: (SETTING, INVIGILATOR, MASKING, REVIEW, *DIRECTION, OVERSIGHT),
    REVIEW: (SETTING, INVIGILATOR, MASKING, MARKER, *DIRECTION, OVERSIGHT),
    OVERSIGHT: (SETTING, INVIGILATOR, MASKING, MARKER, REVIEW, *COUNCIL),
}
CELLS = [(held, new) for held, row in CROSSES.items() for new in row]


@pytest.mark.parametrize(("held", "new"), CELLS, ids=lambda role: str(role.value))
def test_a_cross_in_the_matrix_is_refused_both_ways(held: Role, new: Role) -> None:
    assert forbidden_pair({held}, new) is not None
    assert forbidden_pair({new}, held) is not None


@pytest.mark.parametrize("council", COUNCIL, ids=lambda role: str(role.value))
def test_the_chair_may_draw_the_paper_that_the_setting_board_made(council: Role) -> None:
    assert forbidden_pair({SETTING}, council) is None


def test_council_and_markers_are_kept_apart_only_where_the_installation_says_so() -> None:
    assert forbidden_pair({MARKER}, Role.COUNCIL) is None
    refused = forbidden_pair({MARKER}, Role.COUNCIL, council_may_mark=False)
    assert refused is not None
    assert refused.reason is Reason.COUNCIL_MARKS


@pytest.mark.parametrize("role", [MARKER, REVIEW], ids=lambda role: str(role.value))
def test_a_typist_may_mark_for_that_nobody_keys_and_marks_one_script_is_held_by_script(role: Role) -> None:
    assert forbidden_pair({Role.TYPIST}, role) is None


def test_only_what_a_small_body_cannot_staff_can_be_excepted() -> None:
    excepted = {
        frozenset({held, new})
        for held, new in itertools.permutations(Role, 2)
        if (conflict := forbidden_pair({held}, new)) is not None and conflict.may_be_excepted
    }
    watching = {frozenset({INVIGILATOR, council}) for council in COUNCIL}
    assert excepted == watching | {frozenset({MARKER, role}) for role in DIRECTION}


def test_of_two_conflicts_the_one_without_an_exception_is_named() -> None:
    conflict = forbidden_pair({Role.COUNCIL, MARKER}, INVIGILATOR)
    assert conflict is not None
    assert conflict.held is MARKER
    assert not conflict.may_be_excepted


def test_who_supervises_holds_nothing_else() -> None:
    others = {role for role in Role if role is not OVERSIGHT}
    assert {role for role in others if forbidden_pair({role}, OVERSIGHT) is None} == set()


def test_the_matrix_is_symmetric() -> None:
    refused = matrix()
    assert all(refused[b, a] is reason for (a, b), reason in refused.items())

# SPDX-License-Identifier: Apache-2.0
"""What whoever starts the demonstration is told: where it is, and who can sign in."""

from collections.abc import Sequence

from exam_portal.demo import cast

ROWS = (
    ("tochuc", "Organiser (tổ chức thi)", "drafts, staff, every competition of the province"),
    ("chutich", "Chair (chủ tịch Hội đồng)", "TT-01 waits for approval"),
    ("thuky", "Secretary (thư ký)", "what each competition needs next"),
    ("motcua", "Counter (một cửa)", "TT-02: paper dossiers, printed one-time codes"),
    ("ungvien06", "Applicant", "TT-02: an application half filled in"),
    ("ungvien01", "Applicant", "TT-02: a submitted application with its receipt"),
    ("thamdinh1", "Vetting board (thẩm định)", "TT-03: dossiers to read"),
    ("rade1 rade2 rade3", "Setting board (ra đề)", "item bank, papers, seals by two"),
    ("coithi1 coithi2", "Invigilators (coi thi)", "TT-04: a test that can be started now"),
    ("ungvien21 … 26", "Candidates", "TT-04: the test, once the invigilator starts it"),
    ("phach1", "Masking board (làm phách)", "TT-05: codes and label sheet"),
    ("cham1 cham2 cham3", "Markers (chấm thi)", "TT-05: handwritten scripts under codes"),
    ("nhaplieu1 nhaplieu2", "Typists (nhập liệu)", "figures from signed slips, keyed twice"),
    ("uyvien1 … uyvien7", "Council (ủy viên)", "TT-06: a secret ballot is open"),
    ("ungvien52", "Candidate", "TT-07: failed by one point, has asked for a review"),
    ("phuctra1 phuctra2", "Review board (phúc tra)", "TT-07: the script that is marked again"),
    ("thamquyen", "Authority (cấp có thẩm quyền)", "decisions, the second word on publications"),
    ("giamsat", "Oversight (giám sát)", "every act in the record, read only"),
    ("quantri", "Administrator", "organisations, state of the system"),
    ("tochuc.haivan", "Organiser elsewhere", "another authority: sees nothing of all this"),
)


def lines(base_url: str) -> Sequence[str]:
    """Return the table of accounts as text."""
    width = max(len(login) for login, _, _ in ROWS)
    duty = max(len(role) for _, role, _ in ROWS)
    return [
        f"The portal: {base_url}/",
        f"Every account has the password  {cast.PASSWORD}",
        "",
        *(f"  {login:<{width}}  {role:<{duty}}  {what}" for login, role, what in ROWS),
        "",
        "Stop with Ctrl-C. What you do here stays in the instance directory until you delete it.",
    ]

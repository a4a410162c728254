# SPDX-License-Identifier: Apache-2.0
"""What whoever starts the demonstration is told: where it is, and who can sign in."""

from collections.abc import Sequence

from exam_portal.demo import cast

ROWS = (
    ("tochuc", "Organiser (tổ chức thi)", "drafts, staff, every competition of the province"),
    ("chutich", "Chair (chủ tịch Hội đồng)", "a draft waits for approval"),
    ("thuky", "Secretary (thư ký)", "what each competition needs next"),
    ("motcua", "Counter (một cửa)", "paper dossiers, printed one-time codes"),
    ("ungvien06", "Applicant", "an application half filled in"),
    ("ungvien01", "Applicant", "a submitted application with its receipt"),
    ("thamdinh1", "Vetting board (thẩm định)", "dossiers to read"),
    ("rade1, rade2", "Setting board (ra đề)", "item bank, papers, two seals"),
    ("giamsat", "Oversight (giám sát)", "every act in the record, read only"),
    ("quantri", "Administrator", "organisations, state of the system"),
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

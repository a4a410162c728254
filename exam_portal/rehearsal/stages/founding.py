# SPDX-License-Identifier: Apache-2.0
"""The organiser drafts the competition, people take their duties, the chair approves, the notice is out."""

from collections.abc import Sequence
from datetime import timedelta

from exam_portal.rehearsal import people, scans
from exam_portal.rehearsal.people import StaffMember
from exam_portal.rehearsal.play import Login, Play, Vacancy, last_segment, typed

RULES = "leadership-weighted"
APPLY_DAYS = 30
AUTHORITY = "Nguyễn Thanh Hải, Chủ tịch Ủy ban nhân dân tỉnh"
CHAIR = "Trần Quốc Bảo, Chủ tịch Hội đồng"
Post = tuple[str, str, str]  # title, unit, level
POSTS = (
    ("Phó Giám đốc Sở Tài chính", "Sở Tài chính", "department"),
    ("Giám đốc Sở Khoa học và Công nghệ", "Sở Khoa học và Công nghệ", "department"),
    ("Phó Giám đốc Sở Nội vụ", "Sở Nội vụ", "department"),
    ("Trưởng phòng Tổ chức cán bộ", "Sở Nội vụ", "division"),
    ("Phó Trưởng phòng Kế hoạch – Tài chính", "Sở Xây dựng", "division"),
    ("Trưởng phòng Văn hóa – Xã hội", "Ủy ban nhân dân phường Bến Thủy Đông", "division"),
    ("Phó Trưởng phòng Nghiệp vụ Y", "Sở Y tế", "division"),
    ("Chánh Thanh tra Sở", "Sở Tư pháp", "division"),
    ("Trưởng phòng Quản lý đất đai", "Sở Nông nghiệp và Môi trường", "division"),
    ("Phó Chánh Văn phòng Sở", "Sở Giáo dục và Đào tạo", "division"),
)
CRITERIA = (
    {"kind": "min_years_service", "years": "5"},
    {"kind": "degree", "level": "degree:bachelor"},
    {"kind": "managing_body_consent"},
)


def draft(play: Play, posts: Sequence[Post], rules: str = RULES) -> None:
    """The competition exists as a draft with its posts and criteria."""
    organiser = play.staff["organiser"]
    now = play.now()
    made = organiser.act(
        f"/staff/competitions/new/{rules}",
        having="apply_opens_at",
        kind="rehearsal",
        code=f"DT-{now:%Y%m%d}-{play.seed}-{now:%H%M%S}",
        title=f"Diễn tập thi tuyển chức danh lãnh đạo, quản lý – đợt {play.seed}",
        apply_opens_at=typed(now - timedelta(hours=1)),
        apply_closes_at=typed(now + timedelta(days=APPLY_DAYS)),
        description="Hồ sơ nộp trên cổng hoặc tại bộ phận một cửa.",
    )
    play.competition = last_segment(made.url)
    for number, post in enumerate(posts, start=1):
        _add_post(play, f"V{number:02d}", post)


def posts(count: int) -> list[Post]:
    """Return so many posts; where there are more than we know, a number is added."""
    found = []
    for number in range(count):
        title, unit, level = POSTS[number % len(POSTS)]
        again = number // len(POSTS)
        found.append((f"{title} ({again + 1})" if again else title, unit, level))
    return found


def _add_post(play: Play, code: str, post: Post) -> None:
    organiser = play.staff["organiser"]
    title, unit, level = post
    page = organiser.act(
        f"{play.place}/vacancies/new",
        having="places",
        code=code,
        title=title,
        unit=unit,
        level=level,
        places="1",
    )
    for criterion in CRITERIA:
        form = page.form(having="kind")
        page = organiser.submit(form, **criterion, next="another")
    play.vacancies.append(Vacancy(code=code, title=title))


def appoint(play: Play, cast: Sequence[StaffMember] | None = None) -> None:
    """Everybody has a duty: proposed by the organiser, approved by the administrator, accepted by letter."""
    organiser, administrator = play.staff["organiser"], play.staff["administrator"]
    cast = people.staff(play.seed) if cast is None else cast
    page = organiser.open(f"{play.place}/people")
    for member in cast:
        page = organiser.submit(
            page.form(having="role"), email=member.email, name=member.name, role=member.role.value
        )
    page = administrator.open(f"{play.place}/people")
    while waiting := page.forms("/approve"):
        page = administrator.submit(waiting[0])
    browsers = play.crowd(cast, lambda member: play.accept_invitation(member.email))
    play.staff |= {member.key: browser for member, browser in zip(cast, browsers, strict=True)}
    play.names |= {member.key: member.name for member in cast}
    play.logins |= {member.key: Login(login=member.email) for member in cast}


def announce(play: Play) -> None:
    """The chair, signed in or on paper, has approved the draft, and the notice is public."""
    organiser, chair = play.staff["organiser"], play.staff.get("chu-tich-1")
    organiser.act(f"{play.place}/approval", "/submit")
    if chair is not None:
        chair.act(f"{play.place}/approval", "/approve")
    else:
        decision = scans.signed_paper(play.number("QĐ-HĐTT"), CHAIR, play.now())
        organiser.act(f"{play.place}/approval", "/approve-on-paper", having="", **decision)
    paper = scans.signed_paper(play.number("TB-HĐTT"), CHAIR, play.now())
    organiser.act(f"{play.place}/approval", "/announce", having="", **paper)
    organiser.get(f"/competitions/{play.competition}/notice.pdf")

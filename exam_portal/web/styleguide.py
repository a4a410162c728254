# SPDX-License-Identifier: Apache-2.0
"""Every component on a few pages, with made-up names and figures: for those who write pages."""

import datetime as dt
from decimal import Decimal

from flask import Blueprint
from markupsafe import Markup

from exam_portal.web import policy, templating
from exam_portal.web.chrome import Link, Phase, Workspace
from exam_portal.web.forms import (
    BooleanField,
    CheckboxesField,
    DateField,
    DecimalField,
    FileField,
    Form,
    InstantField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    file_kind,
    length,
    optional,
    required,
)
from exam_portal.web.printed import PrintedDocument, Signature

bp = Blueprint("styleguide", __name__, url_prefix="/styleguide")

PAGES = ("components", "forms", "result", "player", "print", "rehearsal", "error", "candidate", "home")


class SampleForm(Form):
    """One field of each kind."""

    title = StringField("Tên chức danh", [required(), length(high=200)])
    level = RadioField(
        "Cấp",
        [required()],
        choices=[
            ("department", "Cấp sở", {"hint": "Giám đốc, Phó Giám đốc sở và tương đương"}),
            ("division", "Cấp phòng"),
        ],
    )
    unit = SelectField(
        "Đơn vị", [required()], choices=[("stc", "Sở Tài chính"), ("skhcn", "Sở Khoa học và Công nghệ")]
    )
    parts = CheckboxesField("Phần thi", choices=[("w", "Thi viết"), ("p", "Bảo vệ đề án")])
    born = DateField("Ngày sinh", [required()])
    opens_at = InstantField("Bắt đầu nhận hồ sơ", [required()])
    weight = DecimalField("Trọng số", [optional()])
    password = PasswordField("Mật khẩu")
    decision = FileField("Quyết định có chữ ký", [file_kind("pdf")], description="PDF, tối đa 20 MB")
    reason = TextAreaField("Lý do", [optional(), length(high=500)])
    agreed = BooleanField("Tôi cam đoan những nội dung trên là đúng sự thật", [required()])


class SampleSearch(Form):
    """What a list may be filtered by."""

    words = StringField("Họ và tên hoặc mã hồ sơ")
    unit = SelectField("Đơn vị", choices=[("stc", "Sở Tài chính")], blank="Tất cả")


@bp.get("/")
@policy.requires(policy.PUBLIC)
def index() -> str:
    """Show the components."""
    return page("components")


@bp.route("/<string(maxlength=20):name>", methods=["GET", "POST"])
@policy.requires(policy.PUBLIC)
def show(name: str) -> str:
    """Show one of the pages; the form is checked when it is sent and stores nothing."""
    return page(name if name in PAGES else "components")


def page(name: str) -> str:
    """Return one page of the guide."""
    form = SampleForm()
    if form.is_submitted():
        form.validate()
    shown: dict[str, object] = (
        {"form": form, "search": SampleSearch(formdata=None, prefix="search")} if name == "forms" else {}
    )
    if name == "error":
        return templating.render("errors/error.html", **_refusal())
    template = "styleguide/print.html" if name == "rehearsal" else f"styleguide/{name}.html"
    document = _document(is_rehearsal=name == "rehearsal")
    return templating.render(template, sample=_sample(), workspace=_workspace(), document=document, **shown)


def _refusal() -> dict[str, object]:
    return {
        "code": "registration.WindowClosed",
        "title": "Đã hết hạn nộp hồ sơ",
        "explanation": "Hồ sơ vào chức danh này được nhận đến 17:00 ngày 27/03/2026.",
        "options": [
            {"text": "Hồ sơ giấy đã đóng dấu tiếp nhận trước hạn được bộ phận một cửa nhập bổ sung."},
            {"text": "Về trang chủ", "href": "/"},
        ],
        "reference": "7f3a9c21",
    }


def _workspace() -> Workspace:
    states = ("done", "done", "done", "current", "ahead", "ahead", "ahead")
    names = ("Thông báo", "Nhận hồ sơ", "Thẩm định", "Thi viết", "Bảo vệ đề án", "Kết quả", "Phúc khảo")
    notes = ("02/03/2026", "27/03/2026", "03/04/2026", "hôm nay", "22/04/2026", "", "")
    rows = zip(names, states, notes, strict=True)
    rooms = [
        ("Chuẩn bị", "Tổng quan", None),
        ("Chuẩn bị", "Chức danh dự tuyển", None),
        ("Chuẩn bị", "Hồ sơ dự tuyển", 3),
        ("Thi", "Đề thi", None),
        ("Thi", "Ca thi và phòng thi", None),
        ("Thi", "Phách và chấm thi", 12),
        ("Kết quả", "Tổng hợp, công bố", None),
        ("Kết quả", "Nhật ký", None),
    ]
    return Workspace(
        code="STC-2026-01",
        title="Thi tuyển chức danh Phó Giám đốc Sở Tài chính năm 2026",
        organisation="Ủy ban nhân dân thành phố",
        href="#",
        rooms=[
            Link(text=text, href="#", current=text == "Ca thi và phòng thi", count=count, group=group)
            for group, text, count in rooms
        ],
        phases=[Phase(text=text, state=state, note=note) for text, state, note in rows],  # type: ignore[arg-type]
    )


def _sample() -> dict[str, object]:
    people = [
        ("STC-007", "Đặng Thị Thuỳ Dương", "71.50", "86.25", True),
        ("STC-002", "Nguyễn Hữu Khoáng", "75.00", "84.40", False),
        ("STC-005", "Phạm Quỳnh Như Ngọc", "68.75", "81.10", False),
        ("STC-001", "Lê Trần Đức Huỳnh", "49.00", None, False),
    ]
    return {
        "now": dt.datetime(2026, 4, 14, 1, 30, tzinfo=dt.UTC),
        "people": [
            {
                "code": code,
                "name": name,
                "written": Decimal(written),
                "programme": Decimal(programme) if programme else None,
                "selected": selected,
                "rank": place if programme else None,
            }
            for place, (code, name, written, programme, selected) in enumerate(people, start=1)
        ],
        "markdown": "Người dự tuyển **mang theo**:\n\n- Giấy triệu tập;\n- Căn cước còn hiệu lực.",
    }


def _document(*, is_rehearsal: bool) -> PrintedDocument:
    return PrintedDocument(
        parent_body="Ủy ban nhân dân thành phố",
        issuing_body="Hội đồng thi tuyển Sở Tài chính",
        number="14/TB-HĐTT",
        title="Bảng tổng hợp kết quả",
        subject="Thi tuyển chức danh Phó Giám đốc Sở Tài chính năm 2026",
        place_and_date="Hà Nội, ngày 24 tháng 4 năm 2026",
        grounds=[
            "Căn cứ Quy chế thi tuyển chức danh lãnh đạo, quản lý ban hành kèm theo Quyết định số 12/QĐ-UBND",
            "Căn cứ Biên bản kiểm phiếu phần thi bảo vệ đề án ngày 22 tháng 4 năm 2026",
        ],
        recipients=["Chủ tịch Ủy ban nhân dân thành phố", "Sở Nội vụ", "Ban giám sát", "Lưu: VT, HĐTT"],
        signatures=[
            Signature(duty="Ủy viên kiêm Thư ký", name="Trần Thị Bích Hợp"),
            Signature(authority="TM. Hội đồng", duty="Chủ tịch", name="Nguyễn Văn Quyết"),
        ],
        code="STC-2026-01/35",
        generated_at=dt.datetime(2026, 4, 24, 3, 15, 20, tzinfo=dt.UTC),
        content_hash="sha256:4b1d0c5fa1f7c2f1e0f3a6d9b8c7e5a4930211bd76fe8a90c3d2e1f0a9b8c7d6",
        verify_address="thituyen.example.org/v/4b1d-0c5f",
        qr_svg=_square(),
        is_rehearsal=is_rehearsal,
    )


def _square() -> Markup:
    return Markup(
        '<svg viewBox="0 0 21 21" aria-hidden="true"><path d="M0 0h7v7H0zM14 0h7v7h-7zM0 14h7v7H0zM9 9h3v3H9z'
        'M14 14h2v2h-2zM18 17h3v4h-3zM9 2h2v4H9zM2 9h4v2H2zM16 9h3v2h-3z"/></svg>'
    )

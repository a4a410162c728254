# SPDX-License-Identifier: Apache-2.0
"""What the machine reads about age and service: the days around a birthday, the hours around midnight."""

from datetime import UTC, date, datetime, timedelta

import pytest

from exam_portal.competitions import criteria
from exam_portal.competitions import service as competitions
from exam_portal.competitions.models import CriterionKind
from exam_portal.core.database import Database
from exam_portal.registration import queries
from exam_portal.registration.eligibility import Reading, read
from exam_portal.registration.form_content import Gender
from tests.portal.competitions.builders import NOW, a_complete_draft, a_house
from tests.portal.registration.builders import a_competition, a_form, an_applicant, an_application

DAY = timedelta(days=1)
MET, NOT_MET = Reading.MET, Reading.NOT_MET
BORN = date(1972, 2, 15)
LEAP = date(1972, 2, 29)


def age(born: date, on: date, **params: object) -> Reading:
    return read("max_age", {"years": 55, **params}, a_form(birth_date=born), frozenset(), on)


@pytest.mark.parametrize(
    ("born", "on", "expected"),
    [
        (BORN, date(2027, 2, 14), MET),
        (BORN, date(2027, 2, 15), NOT_MET),
        (BORN, date(2027, 2, 16), NOT_MET),
        (LEAP, date(2027, 2, 28), MET),
        (LEAP, date(2027, 3, 1), NOT_MET),
    ],
)
def test_somebody_is_under_an_age_until_the_day_before_the_birthday(
    born: date, on: date, expected: Reading
) -> None:
    assert age(born, on) is expected
    for read_on in (on - 90 * DAY, on + 90 * DAY):
        assert age(born, read_on, at=on.isoformat()) is expected


@pytest.mark.parametrize(
    ("days", "expected"), [(-1, NOT_MET), (0, MET), (1, MET)], ids=["day before", "day", "day after"]
)
def test_years_of_service_are_full_on_their_anniversary(days: int, expected: Reading) -> None:
    since = date(2017, 9, 1)
    on = date(2027, 9, 1) + days * DAY
    found = read("min_years_service", {"years": 10}, a_form(service_since=since), frozenset(), on)
    assert found is expected


@pytest.mark.parametrize(
    ("gender", "birthday"), [(Gender.MALE, date(2029, 2, 15)), (Gender.FEMALE, date(2027, 2, 15))]
)
@pytest.mark.parametrize(("days", "expected"), [(-1, MET), (0, MET), (1, NOT_MET)])
def test_five_years_are_left_up_to_the_birthday_five_years_before_retirement(
    gender: Gender, birthday: date, days: int, expected: Reading
) -> None:
    form = a_form(birth_date=BORN, gender=gender)
    found = read("years_left", {"years": 5}, form, frozenset(), birthday + days * DAY)
    assert found is expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 12, 25, 16, 59, 59, tzinfo=UTC), NOT_MET),  # 23:59:59 in Hà Nội
        (datetime(2026, 12, 25, 17, 0, tzinfo=UTC), MET),  # midnight there, the 25th in UTC still
    ],
)
def test_today_is_the_day_in_viet_nam(database: Database, now: datetime, expected: Reading) -> None:
    with database.writing(unhurried=True) as session:
        competition = a_competition(session, a_house(session))
        service = next(
            one for one in competition.vacancies[0].criteria if one.kind == CriterionKind.MIN_YEARS_SERVICE
        )
        since = date(2026 - int(service.params["years"]), 12, 26)
        applicant = an_applicant(session, "Trần Thị An", "an")
        application = an_application(session, competition, applicant, service_since=since)
        assert queries.automatic_reading(session, application, service, now) is expected


def test_the_usual_words_of_an_age_name_its_day(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        house = a_house(session)
        vacancy = a_complete_draft(session, house).vacancies[0]
        dated, undated = (
            competitions.add_criterion(
                session, house.organiser, NOW, vacancy, kind=CriterionKind.MAX_AGE, params=params
            )
            for params in ({"years": 55, "at": date(2027, 1, 1)}, {"years": 50})
        )
        assert dated.params == {"years": 55, "at": "2027-01-01"}
        assert dated.text == "Dưới 55 tuổi, tính đến ngày 01/01/2027"
        assert undated.text == "Dưới 50 tuổi"
    words = criteria.wording(CriterionKind.MAX_AGE, dated.params)
    assert words is not None
    assert words.en == "Under 55 years of age on 01/01/2027"

# SPDX-License-Identifier: Apache-2.0
"""Files that a setting board brings through the pages."""

from werkzeug.test import TestResponse

from tests.portal.competitions.pages import Person, upload


def send(person: Person, bank: str, content: bytes, name: str = "cau-hoi.json") -> TestResponse:
    """The file is sent; return the answer."""
    person.get(f"/staff/banks/{bank}/imports/new")
    return person.client.post(
        f"/staff/banks/{bank}/imports/new",
        data={"csrf_token": person.token, "file": upload(content, name)},
        content_type="multipart/form-data",
        headers={"Sec-Fetch-Site": "same-origin"},
    )


def examined(person: Person, bank: str, content: bytes, name: str = "cau-hoi.json") -> str:
    """The file has been examined; return the address of its report."""
    response = send(person, bank, content, name)
    assert response.status_code == 303, response.get_data(as_text=True)[:2000]
    return response.headers["Location"]

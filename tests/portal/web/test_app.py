# SPDX-License-Identifier: Apache-2.0
"""The application is complete: no part of a slice is left out, and everybody finds the first page."""

import importlib
import importlib.util

import pytest
from flask import Flask

from exam_portal.app import SLICES

PARTS = [
    name
    for slice_name in SLICES
    for part in ("access", "messages", "routes")
    if importlib.util.find_spec(name := f"exam_portal.{slice_name}.{part}") is not None
]


@pytest.mark.parametrize("name", PARTS)
def test_every_part_of_a_slice_can_be_loaded(name: str) -> None:
    assert importlib.import_module(name).__name__ == name


@pytest.mark.engines("sqlite")
def test_every_slice_with_pages_is_served(app: Flask) -> None:
    with_pages = {name.split(".")[1] for name in PARTS if name.endswith(".routes")}
    assert with_pages <= set(app.blueprints)


@pytest.mark.engines("sqlite")
def test_the_first_page_is_there(app: Flask) -> None:
    assert app.test_client().get("/", follow_redirects=True).status_code == 200


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("came_from", "is_offered"),
    [
        ("http://localhost/competitions?page=2", True),
        ("http://elsewhere.example/competitions?page=2", False),
        ("http://localhost//elsewhere.example/competitions?page=2", False),
    ],
)
def test_a_refused_form_leads_back_to_its_page_on_this_site(
    app: Flask, came_from: str, is_offered: bool
) -> None:
    answer = app.test_client().post("/sign-in", headers={"Referer": came_from})
    assert answer.status_code == 400
    assert ('href="/competitions?page=2"' in answer.text) is is_offered
    assert "elsewhere.example" not in answer.text.split("<main", 1)[1]

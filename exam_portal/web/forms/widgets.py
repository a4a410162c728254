# SPDX-License-Identifier: Apache-2.0
"""The controls of the design system, rendered by the lenient overlay and worded in the reader's language."""

from typing import Any

from govuk_frontend_wtf import wtforms_widgets as gov
from markupsafe import Markup, escape
from wtforms import widgets as plain

from exam_portal.web import templating
from exam_portal.web.forms import wording


class Rendered(gov.GovFormBase):
    """Renders in our environment; a control says by words, not by an attribute, whether it must be filled."""

    template: str

    def render(self, params: dict[str, Any]) -> Markup:
        """Return the control's HTML."""
        return templating.render_widget(self.template, _plain_words(params))

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        """Return what the design system's macro reads for this field."""
        kwargs.pop("required", None)
        params: dict[str, Any] = super().map_gov_params(field, **kwargs)
        if not field.description and "hint" not in kwargs.get("params", {}):
            params.pop("hint", None)
        if field.errors:
            params["errorMessage"] = _error(field.errors[0])
        return _marked_optional(field, params)


def _error(message: object) -> dict[str, object]:
    return {"text": message, "visuallyHiddenText": wording.ERROR_PREFIX}


def _marked_optional(field: Any, params: dict[str, Any]) -> dict[str, Any]:
    """Say "(optional)" after the label of a field that may stay empty: most fields are required."""
    if field.flags.optional:
        target = params.get("fieldset", {}).get("legend") or params.get("label")
        if target and "text" in target:
            target["text"] = f"{target['text']} {wording.OPTIONAL}"
    return params


def _plain_words(value: Any) -> Any:
    """Turn lazy words into text, which the design system's templates join and measure."""
    if isinstance(value, dict):
        return {key: _plain_words(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain_words(item) for item in value]
    if value is None or isinstance(value, str | bool | int | Markup):
        return value
    return str(value)


class TextInput(Rendered, gov.GovTextInput):
    """A line of text; ``inputmode`` and ``width`` say what is expected."""

    def __init__(self, **defaults: str) -> None:
        super().__init__()
        self._defaults = defaults

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the parameters, the field's own defaults first."""
        given = kwargs.pop("params", {})
        return super().map_gov_params(field, params={**self._defaults, **given}, **kwargs)


class PasswordInput(Rendered, gov.GovPasswordInput):
    """A secret, with a button that shows it; never filled in again."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the parameters with the words of the button."""
        kwargs["params"] = {**wording.PASSWORD, **kwargs.get("params", {})}
        return super().map_gov_params(field, **kwargs)


class TextArea(Rendered, gov.GovTextArea):
    """Several lines of text; with ``maxlength`` given, the characters left are counted."""

    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        """Return the control, counted where a limit was given."""
        params = kwargs.get("params", {})
        if "maxlength" in params:
            kwargs["params"] = {**wording.CHARACTER_COUNT, **params}
            counted: Markup = _Counted()(field, **kwargs)
            return counted
        plain_area: Markup = super().__call__(field, **kwargs)
        return plain_area


class _Counted(Rendered, gov.GovCharacterCount):
    pass


class Select(Rendered, gov.GovSelect):
    """One of many, maybe of hundreds: the options are written here, not by a macro that weighs each."""

    def render(self, params: dict[str, Any]) -> Markup:
        """Return the control's HTML."""
        before, after = super().render({**params, "items": []}).rsplit("</select>", 1)
        options = "".join(_option(**item) for item in params["items"])
        return Markup(f"{before}{options}</select>{after}")  # noqa: S704 - each of the three is escaped


def _option(*, text: object, value: object, selected: bool) -> str:
    return f'<option value="{escape(value)}"{" selected" if selected else ""}>{escape(text)}</option>'


class Radios(Rendered, gov.GovRadioInput):
    """One of a few; ``render_kw={"hint": …}`` of a choice stands below it."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the parameters with the hints of the choices."""
        params = super().map_gov_params(field, **kwargs)
        _add_item_hints(field, params["items"])
        return params


class Checkboxes(Rendered, gov.GovCheckboxesInput):
    """Any of a few."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the parameters with the hints of the choices."""
        params = super().map_gov_params(field, **kwargs)
        _add_item_hints(field, params["items"])
        return params


def _add_item_hints(field: Any, items: list[dict[str, Any]]) -> None:
    for option, item in zip(field, items, strict=True):
        hint = option.choice.render_kw.get("hint")
        if hint:
            item["hint"] = {"text": hint}


class Checkbox(Rendered, gov.GovCheckboxInput):
    """One box to tick; the field's description stands below its label."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the parameters of a single box."""
        params = super().map_gov_params(field, **kwargs)
        hint = params.pop("hint", None)
        if hint:
            params["items"][0]["hint"] = hint
        return params


class FileInput(Rendered, gov.GovFileInput):
    """A file to send; says so when it has to be chosen again."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the parameters; after a refused form the file has to be chosen again."""
        params = super().map_gov_params(field, **kwargs)
        params.pop("value", None)
        if field.was_sent and not field.errors:
            params["errorMessage"] = {
                "text": wording.CHOOSE_AGAIN,
                "visuallyHiddenText": wording.ERROR_PREFIX,
            }
        return params


Hidden = plain.HiddenInput

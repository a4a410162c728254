# SPDX-License-Identifier: Apache-2.0
"""Every page is rendered here: our templates strict, the design system's lenient in an overlay."""

import re
from collections.abc import Callable, Mapping, Sequence
from importlib import metadata
from pathlib import Path

import flask
import jinja2
from flask_babel import gettext
from flask_wtf.csrf import generate_csrf
from jinja2.bccache import Bucket
from jinja2.defaults import DEFAULT_NAMESPACE
from jinja2.runtime import Macro
from markupsafe import Markup
from werkzeug.local import LocalProxy

from exam_portal.core import names
from exam_portal.web import chrome, context, csp, filters, tables
from exam_portal.web.manifest import AssetManifest

EXTENSION = "exam_portal.govuk"
PACKAGE = Path(__file__).resolve().parents[1]
TEMPLATES = PACKAGE / "web" / "templates"

_SPACE = re.compile(r"(<textarea.*?</textarea>)|\s*\n\s*", re.DOTALL)
_COMPONENT = "govuk_frontend_jinja/components/{}/macro.html"


class Compiled(jinja2.BytecodeCache):
    """What was compiled for one application of the process serves the next: tests make hundreds."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """The bucket holds the code, where it is known and its source is unchanged."""
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """The code is known."""
        self._code[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


def init_app(app: flask.Flask, slices: Sequence[str]) -> None:
    """The application finds its templates, refuses undefined names in them and knows the design system."""
    env = app.jinja_env
    env.undefined = jinja2.StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.finalize = _shown
    env.loader = _loader(slices)
    env.filters.update(filters.FILTERS)
    env.add_extension("jinja2.ext.do")
    env.bytecode_cache = COMPILED
    _set_globals(env, AssetManifest(watch=app.debug or app.testing))
    design_system = _design_system(env)
    app.extensions[EXTENSION] = design_system
    env.globals["gov"] = DesignSystem(design_system)
    env.globals["ui"] = components = Components(env)
    env.globals["state_tags"] = components.state_tags
    app.extensions.setdefault(chrome.EXTENSION, chrome.Chrome())
    app.context_processor(_page_context)


def render(name: str, /, **context: object) -> str:
    """Return the page; a name that the template uses and nobody gave is an error."""
    return flask.render_template(name, **context)


def render_widget(template: str, params: dict[str, object]) -> Markup:
    """Return one form control of the design system."""
    env: jinja2.Environment = flask.current_app.extensions[EXTENSION]
    html = env.get_template(template).render(params=params)
    return Markup(_without_blank_lines(html))  # noqa: S704 - the template escapes


def _without_blank_lines(html: str) -> str:
    """Return the HTML without the white space its templates leave; what people typed stays untouched."""
    return _SPACE.sub(lambda found: found[1] or "\n", html).strip()


def _shown(value: object) -> object:
    """Return what a page shows of a value: where a name was erased, that it was, in the reader's language."""
    if isinstance(value, str) and names.ERASED in value:
        return value.replace(names.ERASED, gettext("(erased by decision)"))
    return value


class DesignSystem:
    """``gov.summary_list(…)`` is the macro ``govukSummaryList`` of the design system's own templates."""

    def __init__(self, env: jinja2.Environment) -> None:
        self._env = env

    def __getattr__(self, name: str) -> Macro:
        module = self._env.get_template(_COMPONENT.format(name.replace("_", "-"))).module
        macro: Macro = getattr(module, "govuk" + name.title().replace("_", ""))
        return macro


class Components:
    """``ui.page_header(…)`` is the macro ``page_header`` of ``components/page_header.html``."""

    def __init__(self, env: jinja2.Environment) -> None:
        self._env = env

    def __getattr__(self, name: str) -> Macro:
        if not re.fullmatch(r"[a-z][a-z_]*", name):
            raise AttributeError(name)
        macro: Macro = getattr(self._env.get_template(f"components/{name}.html").module, name)
        return macro

    def state_tags(self, states: Mapping[str, tuple[object, str]]) -> dict[str, str]:
        """Return the tag of each state, worded and rendered once for all the rows of a table."""
        return {state: self.status_tag(words, kind) for state, (words, kind) in states.items()}


def _loader(slices: Sequence[str]) -> jinja2.BaseLoader:
    folders: dict[str, jinja2.BaseLoader] = {
        name: jinja2.FileSystemLoader(PACKAGE / name / "templates") for name in slices
    }
    return jinja2.ChoiceLoader([jinja2.PrefixLoader(folders), jinja2.FileSystemLoader(TEMPLATES)])


def _design_system(env: jinja2.Environment) -> jinja2.Environment:
    """Return an overlay in which a missing key is nothing, as the authors of the design system assume.

    Our globals are left out: its templates know none, and each of their imports would compare them all.
    """
    overlay = env.overlay(
        undefined=jinja2.ChainableUndefined,
        trim_blocks=False,
        lstrip_blocks=False,
        loader=jinja2.PrefixLoader(
            {
                "govuk_frontend_jinja": jinja2.PackageLoader("govuk_frontend_jinja"),
                "govuk_frontend_wtf": jinja2.PackageLoader("govuk_frontend_wtf"),
            }
        ),
    )
    overlay.globals = dict(DEFAULT_NAMESPACE)
    return overlay


def _set_globals(env: jinja2.Environment, assets: AssetManifest) -> None:
    env.globals.update(
        lang=LocalProxy(filters.language),
        local_zone=filters.LOCAL.key,
        asset_url=_asset_url(assets),
        chrome=LocalProxy(chrome.current),
        csp_nonce=csp.nonce,
        csrf_token=generate_csrf,
        current_actor=LocalProxy(context.actor),
        language_links=chrome.language_links,
        addresses=tables.addresses,
        columns_of=tables.Columns,
        most_job_attempts=lambda: context.settings().jobs.max_attempts,
        page_numbers=tables.page_numbers,
        version=metadata.version("exam-portal"),
    )


def _asset_url(assets: AssetManifest) -> Callable[[str], str]:
    def asset_url(name: str) -> str:
        return flask.url_for("static", filename=assets.resolve(name))

    return asset_url


def _page_context() -> dict[str, object]:
    return {"lang": filters.language()}

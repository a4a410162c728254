# SPDX-License-Identifier: Apache-2.0
"""Typed parts of addresses: ``<public_id:competition_id>`` and ``<token:code>``."""

from flask import Flask
from werkzeug.routing import BaseConverter


class PublicIdConverter(BaseConverter):
    """A public id: 26 lower-case base32 characters; anything else is no address of ours."""

    regex = "[a-z2-7]{26}"


class TokenConverter(BaseConverter):
    """A secret in a link: URL-safe base64."""

    regex = "[A-Za-z0-9_-]{20,86}"


def init_app(app: Flask) -> None:
    """The application's addresses may use the converters."""
    app.url_map.converters.update(public_id=PublicIdConverter, token=TokenConverter)

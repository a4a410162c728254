# SPDX-License-Identifier: Apache-2.0
"""One item: its key, its versions and what differs between them, what was said about it; reviewing it."""

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.accounts import queries as accounts
from exam_portal.competitions import calendar
from exam_portal.core.db import Session
from exam_portal.items import (
    access,
    alike,
    changes,
    discussion,
    errors,
    exposure,
    history,
    presentation,
    queries,
    remarks,
    service,
    standings,
)
from exam_portal.items.forms import CommentForm, CompareForm, ReviewForm
from exam_portal.items.models import Item, ItemReview, ItemStage, ItemVersion
from exam_portal.items.routes.blueprint import ITEM, again, bp, refuse, to
from exam_portal.web import context, database, policy, templating
from question_bank import placing


@bp.get(ITEM)
@policy.requires("items.see")
def item(bank_id: str, item_id: str) -> str:
    """Show an item with its key, its versions and every word on them."""
    access.load_bank(database.reader(), context.actor(), bank_id, "items.see")
    return _item_page(bank_id, item_id)


@bp.post(f"{ITEM}/review")
@policy.requires("items.review")
def review(bank_id: str, item_id: str) -> str | Response:
    """Say a word on the last version of an item."""
    form = ReviewForm()
    if form.validate_on_submit():
        try:
            with database.writer() as session:
                found = access.load_item(session, context.actor(), bank_id, item_id, "items.review")
                service.review(
                    session,
                    context.actor(),
                    context.now(),
                    version=found.versions[-1],
                    stage=ItemStage(form.stage.data),
                    comment=form.comment.data or "",
                )
        except errors.CommentMissing as problem:
            refuse(form, problem, field="comment")
        except errors.PlacesShuffled as problem:
            refuse(form, problem, field="comment")
        except (errors.OwnItem, errors.NotReviewed, errors.SameReviewer) as problem:
            refuse(form, problem, field="stage")
        else:
            flask.flash(gettext("Your word is on record."), "done")
            return to("item", bank_id=bank_id, item_id=item_id)
    access.load_bank(database.reader(), context.actor(), bank_id, "items.review")
    return again(_item_page(bank_id, item_id, review=form))


@bp.post(f"{ITEM}/comments")
@policy.requires("items.comment")
def comment(bank_id: str, item_id: str) -> str | Response:
    """Say something about the last version of an item, without moving it."""
    form = CommentForm()
    if form.validate_on_submit():
        with database.writer() as session:
            found = access.load_item(session, context.actor(), bank_id, item_id, "items.comment")
            discussion.comment(
                session,
                context.actor(),
                context.now(),
                version=found.versions[-1],
                words=form.words.data or "",
            )
        flask.flash(gettext("Your comment stands beside the item."), "done")
        return to("item", bank_id=bank_id, item_id=item_id)
    access.load_bank(database.reader(), context.actor(), bank_id, "items.comment")
    return again(_item_page(bank_id, item_id, comment=form))


@bp.get(f"{ITEM}/changes")
@policy.requires("items.see")
def item_changes(bank_id: str, item_id: str) -> str:
    """Show what differs between any two versions of an item."""
    session = database.reader()
    bank = access.load_bank(session, context.actor(), bank_id, "items.see")
    found = queries.item(session, bank.id, item_id)
    base = changes.base_of(found.versions, _reviews(session, found))
    form = CompareForm(flask.request.args, meta={"csrf": False})
    form.offer([version.version for version in found.versions])
    by_number = {str(version.version): version for version in found.versions}
    before = by_number.get(form.before.data or "", base or found.versions[-1])
    after = by_number.get(form.after.data or "", found.versions[-1])
    form.before.data, form.after.data = str(before.version), str(after.version)
    return templating.render(
        "items/item_changes.html",
        bank=bank,
        item=found,
        form=form,
        before=before,
        after=after,
        differences=_differences(session, before, after),
    )


def _reviews(session: Session, item: Item) -> list[ItemReview]:
    return list(standings.reviews_of(session, [version.id for version in item.versions]))


def _differences(session: Session, before: ItemVersion, after: ItemVersion) -> list[changes.Difference]:
    return changes.between(service.content_of(session, before), service.content_of(session, after))


def _item_page(
    bank_id: str, item_id: str, *, review: ReviewForm | None = None, comment: CommentForm | None = None
) -> str:
    session = database.reader()
    bank = access.load_bank(session, context.actor(), bank_id, "items.see")
    found: Item = queries.item(session, bank.id, item_id)
    reviews = _reviews(session, found)
    comments = discussion.comments_on(session, bank, [version.id for version in found.versions])
    last, base = found.versions[-1], changes.base_of(found.versions, reviews)
    content = service.content_of(session, last)
    may_say = service.open_stages(session, context.actor(), last)
    form = review or ReviewForm()
    form.offer(may_say)
    people = {
        *(version.author_id for version in found.versions),
        *(word.by for word in reviews),
        *(said.by for said in comments),
    }
    return templating.render(
        "items/item.html",
        bank=bank,
        item=found,
        last=last,
        base=base,
        base_is_approved=base is not None and any(_approves(word, base) for word in reviews),
        differences=_differences(session, base, last) if base else [],
        content=presentation.content(content),
        exposure=exposure.exposure_of(session, [found.id])[found.id],
        enemies=exposure.enemies_of(session, bank.id, content),
        alike=alike.of_item(session, bank.id, content),
        standing=standings.stages(session, [last.id]).get(last.id),
        reviews=[(ItemStage(word.stage), word, remarks.opened(session, bank, word)) for word in reviews],
        places=placing.standing(content),
        naming=placing.naming(content),
        comments=comments,
        versions={version.id: version.version for version in found.versions},
        people=accounts.names_of(session, sorted(people)),
        statistics=history.of_item(session, found.id),
        form=form,
        comment_form=comment or CommentForm(),
        may_say=may_say,
        is_own=last.author_id == context.actor().account_id,
        stages=ItemStage,
        today=calendar.local_day(context.now()),
    )


def _approves(word: ItemReview, version: ItemVersion) -> bool:
    return word.item_version_id == version.id and word.stage == ItemStage.APPROVED.value

"""Accounts and posts as JSON in the form of the REST API."""

from typing import Any

from domain.comments import CommentView
from domain.post_views import PostView
from domain.profiles import Profile
from domain.rankings import RankedPost
from domain.search import SearchHit
from domain.similarity import SimilarPost
from entrypoints.rest.schemas.posts import CommentOut, HitOut, LookalikeOut, PostOut, RankedOut
from entrypoints.rest.schemas.users import UserOut

Shape = dict[str, Any]


def user(profile: Profile) -> Shape:
    return UserOut.of(profile).model_dump(mode="json")


def post(view: PostView) -> Shape:
    return PostOut.of(view).model_dump(mode="json")


def comment(view: CommentView) -> Shape:
    return CommentOut.of(view).model_dump(mode="json")


def similar_post(similar: SimilarPost) -> Shape:
    return LookalikeOut.of(similar).model_dump(mode="json")


def hit(hit: SearchHit) -> Shape:
    return HitOut.of(hit).model_dump(mode="json")


def ranked_post(ranked: RankedPost) -> Shape:
    return RankedOut.of(ranked).model_dump(mode="json")

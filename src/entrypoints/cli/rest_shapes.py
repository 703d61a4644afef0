"""Accounts and posts as JSON in the form of the REST API."""

from typing import Any

from domain.comments import CommentView
from domain.post_views import PostView
from domain.profiles import Profile
from domain.rankings import RankedPost
from domain.search import SearchHit
from domain.similarity import SimilarPost
from entrypoints.rest.schemas import posts, users

Shape = dict[str, Any]


def user(profile: Profile) -> Shape:
    return users.User.of(profile).model_dump(mode="json")


def post(view: PostView) -> Shape:
    return posts.Post.of(view).model_dump(mode="json")


def comment(view: CommentView) -> Shape:
    return posts.Comment.of(view).model_dump(mode="json")


def similar_post(similar: SimilarPost) -> Shape:
    return posts.SimilarPost.of(similar).model_dump(mode="json")


def hit(hit: SearchHit) -> Shape:
    return posts.SearchHit.of(hit).model_dump(mode="json")


def ranked_post(ranked: RankedPost) -> Shape:
    return posts.RankedPost.of(ranked).model_dump(mode="json")

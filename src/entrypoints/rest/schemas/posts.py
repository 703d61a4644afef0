from typing import Self

from pydantic import Field

from domain.comments import CommentView
from domain.likes import LikeState
from domain.post_views import PostView
from domain.posts import Visibility
from domain.rankings import RankedPost, ScoreParts
from domain.search import SearchHit, TagSource
from domain.similarity import MAX_PENDING, SimilarPost, SimilarPosts
from domain.tags import RisingTag, TaggedPost
from entrypoints.http.lists import ListOf
from entrypoints.http.schemas import Body, Out, Timestamp
from entrypoints.rest.schemas.images import ImageOut
from entrypoints.rest.schemas.users import BylineOut


class PostViewerOut(Out):
    liked: bool


class PostOut(Out):
    id: str
    author: BylineOut
    text: str
    images: list[ImageOut]
    like_count: int
    comment_count: int
    visibility: Visibility = Field(description="who may see it now: followers alone while the account is private")
    viewer: PostViewerOut | None = Field(description="null when nobody is signed in")
    created_at: Timestamp
    edited_at: Timestamp | None

    @classmethod
    def of(cls, view: PostView) -> Self:
        post = view.post
        return cls(
            id=str(post.id),
            author=BylineOut.of(view.author),
            text=post.text,
            images=[ImageOut.of(image) for image in view.images],
            like_count=post.like_count,
            comment_count=post.comment_count,
            visibility=view.audience,
            viewer=None if view.liked is None else PostViewerOut(liked=view.liked),
            created_at=post.created_at,
            edited_at=post.edited_at,
        )


class PostBody(Body):
    text: str = Field("", description="at most 2,200 characters, unless the operator set another limit")
    image_ids: list[str] = Field(description="1-10 of your images, each in no post yet")
    visibility: Visibility = Field(
        Visibility.PUBLIC, strict=False, description="a private account's posts are for followers anyway"
    )


class PostEditBody(Body):
    """Fields that are not sent stay unchanged."""

    text: str = ""
    visibility: Visibility = Field(Visibility.PUBLIC, strict=False)


class LikingOut(Out):
    like_count: int
    liked: bool

    @classmethod
    def of(cls, liking: LikeState) -> Self:
        return cls(like_count=liking.like_count, liked=liking.liked)


class CommentOut(Out):
    id: str
    post_id: str
    author: BylineOut
    text: str
    created_at: Timestamp

    @classmethod
    def of(cls, view: CommentView) -> Self:
        comment = view.comment
        return cls(
            id=str(comment.id),
            post_id=str(comment.post_id),
            author=BylineOut.of(view.author),
            text=comment.text,
            created_at=comment.created_at,
        )


class CommentBody(Body):
    text: str = Field(description="1-1,000 characters")


class WhyOut(Out):
    """The parts of the score."""

    likes: int
    age_seconds: float
    half_life_seconds: float | None = Field(None, description="null where age is not used")

    @classmethod
    def of(cls, why: ScoreParts) -> Self:
        return cls(likes=why.likes, age_seconds=why.age_seconds, half_life_seconds=why.half_life_seconds)


class LookalikeOut(Out):
    """A post, and its most similar image."""

    post: PostOut
    image_id: str
    distance: float = Field(description="cosine distance of what the network sees: 0 for the same, 1 for no likeness")

    @classmethod
    def of(cls, found: SimilarPost) -> Self:
        return cls(post=PostOut.of(found.view), image_id=str(found.image_id), distance=found.distance)


class HitOut(Out):
    """A post with all words of the query, and its image that has most of them."""

    post: PostOut
    image_id: str
    score: float = Field(
        description="a word counts 1 in the text, 0.5 in an alt text, 0.25 in what a machine reads, "
        "0.125 where it stands with other accents only"
    )

    @classmethod
    def of(cls, hit: SearchHit) -> Self:
        return cls(post=PostOut.of(hit.view), image_id=str(hit.image_id), score=hit.score)


class SimilarOut(ListOf[LookalikeOut]):
    """The most similar posts first. The list has one page."""

    pending: int = Field(
        description=f"Images that the model has not classified yet and cannot find, counted up to {MAX_PENDING:,}."
    )

    @classmethod
    def of(cls, found: SimilarPosts) -> Self:
        return cls(items=[LookalikeOut.of(post) for post in found.posts], next_cursor=None, pending=found.pending)


class TaggedOut(Out):
    post: PostOut
    said_by: list[TagSource] = Field(
        description="who gave it the tag: a person in the text, a model that saw a picture"
    )

    @classmethod
    def of(cls, tagged: TaggedPost) -> Self:
        return cls(post=PostOut.of(tagged.view), said_by=sorted(tagged.said_by))


class TagOut(Out):
    tag: str = Field(description="as most people type it")
    posts_count: int = Field(description="public posts, counted up to a thousand")
    said_by: list[TagSource]

    @classmethod
    def of(cls, tag: RisingTag) -> Self:
        return cls(tag=tag.tag, posts_count=tag.posts_count, said_by=sorted(tag.said_by))


class RankedOut(Out):
    rank: int = Field(description="from 1, over the whole list")
    score: float
    why: WhyOut
    post: PostOut

    @classmethod
    def of(cls, ranked: RankedPost) -> Self:
        return cls(rank=ranked.rank, score=ranked.score, why=WhyOut.of(ranked.why), post=PostOut.of(ranked.view))

from typing import Annotated, Any, Self

from pydantic import Field

from domain import likes, rankings, search, similarity, tags
from domain.comments import CommentView
from domain.post_views import PostView
from domain.posts import Visibility
from domain.search import TagSource
from domain.similarity import MAX_PENDING
from entrypoints.http.schemas import Body, Changes, Id, Out, Timestamp
from entrypoints.rest.schemas.images import Image
from entrypoints.rest.schemas.users import Byline


class PostViewer(Out):
    liked: bool


class Post(Out):
    id: Id
    author: Byline
    text: str
    images: list[Image]
    like_count: int
    comment_count: int
    visibility: Annotated[Visibility, Field(description="the author's choice")]
    audience: Annotated[
        Visibility, Field(description="who can see the post now: a private account shows it to followers only")
    ]
    viewer: Annotated[PostViewer | None, Field(description="null when nobody is signed in")]
    created_at: Timestamp
    edited_at: Timestamp | None
    sensitive: Annotated[bool, Field(description="the images are covered until the reader uncovers them")]
    warning: Annotated[str | None, Field(description="the author's words about why the post is sensitive")]
    hidden: Annotated[bool, Field(description="a decision hides the post for all but its author and moderators")]

    @classmethod
    def of(cls, view: PostView) -> Self:
        post = view.post
        return cls(
            id=post.id,
            author=Byline.of(view.author),
            text=post.text,
            images=[Image.of(image) for image in view.images],
            like_count=post.like_count,
            comment_count=post.comment_count,
            visibility=post.visibility,
            audience=view.audience,
            viewer=None if view.liked is None else PostViewer(liked=view.liked),
            created_at=post.created_at,
            edited_at=post.edited_at,
            sensitive=view.is_sensitive,
            warning=post.warning,
            hidden=view.hidden,
        )


def drop_default(schema: dict[str, Any]) -> None:
    """Generated clients would send a default that is in the document."""
    schema.pop("default", None)


class PostCreate(Body):
    text: str = Field("", description="at most 2,200 characters, unless the operator set another limit")
    image_ids: list[str] = Field(description="1-10 of your images, each in no post yet")
    visibility: Visibility = Field(
        Visibility.PUBLIC,
        strict=False,
        description="by default your `default_visibility`",
        json_schema_extra=drop_default,
    )
    sensitive: bool = Field(False, description="cover the images until the reader uncovers them")
    warning: str | None = Field(None, description="why the post is sensitive, 1-200 characters; implies `sensitive`")


class PostUpdate(Changes):
    """Fields that are not sent stay unchanged."""

    text: str = ""
    visibility: Visibility = Field(Visibility.PUBLIC, strict=False)
    sensitive: bool = False
    warning: str | None = Field(None, description="null removes the warning")


class LikeState(Out):
    like_count: int
    liked: bool

    @classmethod
    def of(cls, state: likes.LikeState) -> Self:
        return cls(like_count=state.like_count, liked=state.liked)


class Comment(Out):
    id: Id
    post_id: Id
    author: Byline
    text: str
    created_at: Timestamp

    @classmethod
    def of(cls, view: CommentView) -> Self:
        comment = view.comment
        return cls(
            id=comment.id,
            post_id=comment.post_id,
            author=Byline.of(view.author),
            text=comment.text,
            created_at=comment.created_at,
        )


class CommentCreate(Body):
    text: str = Field(description="1-1,000 characters")


class ScoreParts(Out):
    """The parts of the score."""

    likes: int
    age_seconds: float
    half_life_seconds: Annotated[float | None, Field(description="null where age is not used")] = None

    @classmethod
    def of(cls, parts: rankings.ScoreParts) -> Self:
        return cls(likes=parts.likes, age_seconds=parts.age_seconds, half_life_seconds=parts.half_life_seconds)


class SimilarPost(Out):
    """A post, and its most similar image."""

    post: Post
    image_id: Id
    distance: Annotated[
        float, Field(description="cosine distance of the embeddings: 0 for equal, 1 for unrelated images")
    ]

    @classmethod
    def of(cls, found: similarity.SimilarPost) -> Self:
        return cls(post=Post.of(found.view), image_id=found.image_id, distance=found.distance)


class SearchHit(Out):
    """A post with all words of the query, and its image that has most of them."""

    post: Post
    image_id: Id
    score: Annotated[
        float,
        Field(
            description="a word counts 1 in the text, 0.5 in an alt text, 0.25 in a label, 0.125 if only accents differ"
        ),
    ]

    @classmethod
    def of(cls, hit: search.SearchHit) -> Self:
        return cls(post=Post.of(hit.view), image_id=hit.image_id, score=hit.score)


class SimilarPostList(Out):
    """The most similar posts first. The list has one page."""

    items: list[SimilarPost]
    next_cursor: str | None
    pending: Annotated[
        int,
        Field(
            description=f"Images that the model has not classified yet and cannot find, counted up to {MAX_PENDING:,}."
        ),
    ]

    @classmethod
    def of(cls, found: similarity.SimilarPosts) -> Self:
        return cls(items=[SimilarPost.of(post) for post in found.posts], next_cursor=None, pending=found.pending)


class TaggedPost(Out):
    post: Post
    said_by: Annotated[list[TagSource], Field(description="the source of the tag: the author's text, or a model")]

    @classmethod
    def of(cls, tagged: tags.TaggedPost) -> Self:
        return cls(post=Post.of(tagged.view), said_by=sorted(tagged.said_by))


class Tag(Out):
    tag: Annotated[str, Field(description="the most frequent spelling")]
    posts_count: Annotated[int, Field(description="public posts, counted up to 1,000")]
    said_by: list[TagSource]

    @classmethod
    def of(cls, tag: tags.RisingTag) -> Self:
        return cls(tag=tag.tag, posts_count=tag.posts_count, said_by=sorted(tag.said_by))


class RankedPost(Out):
    rank: Annotated[int, Field(description="from 1, over the whole list")]
    score: float
    why: ScoreParts
    post: Post

    @classmethod
    def of(cls, ranked: rankings.RankedPost) -> Self:
        return cls(rank=ranked.rank, score=ranked.score, why=ScoreParts.of(ranked.why), post=Post.of(ranked.view))

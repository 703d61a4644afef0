"""The rules of visibility. The memory storage calls these functions. The PostgreSQL storage mirrors them in its queries
(ADR 18), and `tests/properties/test_privacy.py` compares both storages with them."""

from dataclasses import dataclass
from datetime import datetime

from domain.posts import Visibility


@dataclass(frozen=True, slots=True)
class ViewerRelation:
    """The relation of a viewer to another user. `blocked`: at least one of the two blocks the other. `moderates`: the
    viewer has the role of a moderator or a higher one."""

    is_self: bool = False
    follows: bool = False
    blocked: bool = False
    muted: bool = False
    moderates: bool = False


@dataclass(frozen=True, slots=True)
class Restriction:
    """What decisions of moderators do to a post now: `hidden` for all but its author and moderators, or `limited`, left
    out of rankings and search. What is hidden is limited too."""

    hidden: bool = False
    limited: bool = False


UNRESTRICTED = Restriction()


def restrict_by_images(restriction: Restriction, *, quarantined: bool) -> Restriction:
    """Return the restriction of a post: one with a quarantined image is hidden.

    SQL: `withholding_end` in `adapters/postgres/decision_effects.py`.
    """
    return Restriction(hidden=True, limited=True) if quarantined else restriction


def is_in_effect(until: datetime | None, now: datetime) -> bool:
    """Whether an effect with that end has not ended. SQL: `not_in_effect` in `adapters/postgres/visibility.py`."""
    return until is not None and now < until


def audience(visibility: Visibility, *, private: bool) -> Visibility:
    """Return the effective visibility of a post: followers only if the author's account is private, whatever the post
    states.

    SQL: `_AUDIENCE` in `adapters/postgres/posts.py`, `_SET_AUDIENCE` in `adapters/postgres/users.py`.
    """
    return Visibility.FOLLOWERS if private else visibility


def can_see(standing: ViewerRelation, audience: Visibility, restriction: Restriction = UNRESTRICTED) -> bool:
    """Whether the viewer may see a post of that author.

    SQL: `can_view_post` in `adapters/postgres/visibility.py`.
    """
    if standing.is_self:
        return True
    if restriction.hidden and not standing.moderates:
        return False
    return (audience is Visibility.PUBLIC or standing.follows) and not standing.blocked


def is_listed(standing: ViewerRelation, audience: Visibility, restriction: Restriction = UNRESTRICTED) -> bool:
    """Whether the post appears in lists that mix authors. A hidden one appears in none, not even for its author.

    SQL: `can_view_post` and `UNMUTED` in `adapters/postgres/visibility.py`.
    """
    return can_see(standing, audience, restriction) and not standing.muted and not restriction.hidden


def is_discoverable(standing: ViewerRelation, audience: Visibility, restriction: Restriction = UNRESTRICTED) -> bool:
    """Whether the post appears where users find posts of others: search, tags, similar images. SQL: `DISCOVERABLE` in
    `adapters/postgres/visibility.py`."""
    return is_listed(standing, audience, restriction) and not restriction.limited


def is_listed_publicly(standing: ViewerRelation, audience: Visibility, restriction: Restriction = UNRESTRICTED) -> bool:
    """Whether the post appears in lists for everybody: the newest posts and the rankings. SQL: `NEWEST` in
    `adapters/postgres/post_reader.py`, `MOST_LIKED` and `TRENDING` in `adapters/postgres/ranking_reader.py`."""
    return audience is Visibility.PUBLIC and is_discoverable(standing, audience, restriction)


def is_in_home_feed(standing: ViewerRelation, audience: Visibility, restriction: Restriction = UNRESTRICTED) -> bool:
    """Whether the post appears in the viewer's home feed: their own posts and those of followed users. SQL: `HOME` in
    `adapters/postgres/post_reader.py`."""
    return (standing.is_self or standing.follows) and is_listed(standing, audience, restriction)


def is_person_listed(standing: ViewerRelation, *, suspended: bool = False, pending: bool = False) -> bool:
    """Whether the user appears in the viewer's lists of people: followers, followees, likers, requesters, search.
    `suspended` is left out where the viewer manages their own blocks and mutes. SQL: `not_blocked` and `not_in_effect`
    in `adapters/postgres/visibility.py`, and `PEOPLE` in `adapters/postgres/search_reader.py`: pending users have no
    follows and likes."""
    return not standing.blocked and not suspended and not pending


def can_see_lists(standing: ViewerRelation, *, private: bool) -> bool:
    """Whether the viewer may read a user's posts, likes, followers and followees."""
    return can_see(standing, audience(Visibility.PUBLIC, private=private))


def can_see_comment(viewer: ViewerRelation, post_author: ViewerRelation, *, hidden: bool = False) -> bool:
    """Whether a comment is displayed under a post that the viewer sees. Both arguments are relations to the comment's
    author. SQL: `adapters/postgres/comment_reader.py`."""
    if hidden and not (viewer.is_self or viewer.moderates):
        return False
    return not viewer.blocked and not post_author.blocked


def can_see_image(
    standing: ViewerRelation, *, is_avatar: bool, private: bool, in_visible_post: bool, hidden: bool = False
) -> bool:
    """Whether the viewer may fetch an image of that owner. The avatar of a public account is public. Moderators may
    fetch every image, because reports concern followers-only posts too.

    SQL: `can_view_image` in `adapters/postgres/visibility.py`.
    """
    return standing.is_self or standing.moderates or (not hidden and ((is_avatar and not private) or in_visible_post))


def is_notified(standing: ViewerRelation, *, suspended: bool = False) -> bool:
    """Whether the viewer is notified of that user's actions.

    SQL: `not_ignored` in `adapters/postgres/visibility.py`.
    """
    return not standing.blocked and not standing.muted and not suspended


def can_find_profile(
    *,
    blocked_by_owner: bool,
    blocks_owner: bool,
    suspended: bool = False,
    pending: bool = False,
    is_self: bool = False,
    moderates: bool = False,
) -> bool:
    """Whether the viewer can find a user's profile. Anonymous viewers find every profile. If that user blocks the
    viewer, the viewer finds it only if they block the user too, so that they can unblock. Only moderators and the user
    find the profile of a suspended user, and only the user that of an account whose sign-up waits for approval.

    SQL: `BY_USERNAME` in `adapters/postgres/user_reader.py`.
    """
    found = blocks_owner or not blocked_by_owner
    return found and (not suspended or is_self or moderates) and (not pending or is_self)

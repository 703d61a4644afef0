"""The files of an archive in the form of Mastodon: `actor.json`, `outbox.json` and `likes.json`."""

from html import escape
from typing import Any

from domain.images import Image
from domain.post_views import PostView
from domain.posts import Visibility
from domain.services.exporting import ExportedAccount

CONTEXT = "https://www.w3.org/ns/activitystreams"
PUBLIC = f"{CONTEXT}#Public"

Shape = dict[str, Any]


class ActivityAddresses:
    """The addresses of a server that the activities of a user refer to."""

    def __init__(self, server: str, username: str) -> None:
        self._server = server
        self.actor = f"{server}/@{username}"
        self.followers = f"{self.actor}/followers"

    def post(self, view: PostView) -> str:
        return f"{self._server}/posts/{view.post.id}"


def actor_shape(account: ExportedAccount, addresses: ActivityAddresses, avatar_file: str | None) -> Shape:
    user, avatar = account.profile.user, account.avatar
    return {
        "@context": CONTEXT,
        "id": addresses.actor,
        "type": "Person",
        "preferredUsername": user.username,
        "name": user.display_name,
        "summary": _html(user.bio),
        "url": addresses.actor,
        "published": user.created_at.isoformat(),
        "manuallyApprovesFollowers": user.approves_followers,
        "followers": addresses.followers,
        "outbox": "outbox.json",
        "likes": "likes.json",
        "icon": {"type": "Image", "mediaType": avatar.content_type, "url": avatar_file}
        if avatar and avatar_file
        else None,
    }


def create_shape(view: PostView, addresses: ActivityAddresses, files: dict[str, str | None]) -> Shape:
    """Return the activity that published a post."""
    post, address = view.post, addresses.post(view)
    is_public = view.audience is Visibility.PUBLIC
    audience = {
        "to": [PUBLIC] if is_public else [addresses.followers],
        "cc": [addresses.followers] if is_public else [],
    }
    note = {
        "id": address,
        "type": "Note",
        "summary": post.warning,
        "inReplyTo": None,
        "published": post.created_at.isoformat(),
        "url": address,
        "attributedTo": addresses.actor,
        **audience,
        "sensitive": post.sensitive,
        "content": _html(post.text),
        "attachment": [_document(image, file) for image in view.images if (file := files[str(image.id)])],
    }
    if post.edited_at:
        note["updated"] = post.edited_at.isoformat()
    return {
        "id": f"{address}/activity",
        "type": "Create",
        "actor": addresses.actor,
        "published": note["published"],
        **audience,
        "object": note,
    }


def _document(image: Image, file: str) -> Shape:
    return {
        "type": "Document",
        "mediaType": image.content_type,
        "url": file,
        "name": image.alt_text.text if image.alt_text else None,
        "width": image.width,
        "height": image.height,
    }


def _html(text: str) -> str:
    """Return plain text as the HTML that Mastodon writes: paragraphs and line breaks."""
    paragraphs = escape(text, quote=False).split("\n\n") if text else []
    return "".join(f"<p>{paragraph.replace(chr(10), '<br />')}</p>" for paragraph in paragraphs)

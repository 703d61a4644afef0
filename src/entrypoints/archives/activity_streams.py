"""Notes of ActivityStreams, in which Mastodon and Vernissage export posts."""

from domain.archives import ArchivedImage, ArchivedPost, ArchivedProfile, SkippedEntry, UnusableEntry, human_alt_text
from domain.posts import Visibility
from entrypoints.archives.fields import Fields, Places, media_fault, objects_of, read_time, text_of, texts_of
from entrypoints.archives.html_text import html_to_text

PUBLIC = {"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"}


def read_note(note: Fields, places: Places) -> ArchivedPost | SkippedEntry:
    """Return the post of a note, or why it is not imported."""
    key = text_of(note, "id", "url") or "a note without an id"
    try:
        _require_own_post(note)
        images, remarks = _read_attachments(note, key)
        published = read_time(text_of(note, "published"))
        return ArchivedPost(
            key,
            published,
            images,
            text=html_to_text(text_of(note, "content")),
            visibility=_read_visibility(note),
            sensitive=note.get("sensitive") is True,
            warning=text_of(note, "summary"),
            edited_at=read_time(edited) if (edited := text_of(note, "updated")) else None,
            place=places.next_place(published),
            remarks=remarks,
        )
    except UnusableEntry as error:
        return SkippedEntry(key, error.detail)


def _require_own_post(note: Fields) -> None:
    if (kind := text_of(note, "type")) not in {"Note", "Article", "Page", "Image"}:
        raise UnusableEntry(f"is of the type {kind or 'unknown'}, not a post")
    if note.get("inReplyTo"):
        raise UnusableEntry("is a reply")


def _read_visibility(note: Fields) -> Visibility:
    """Return the visibility by the addressees. Unlisted posts are public: everybody may read them. Raises
    `UnusableEntry` for a direct message, which is never imported."""
    addressees = {*texts_of(note, "to"), *texts_of(note, "cc")}
    if addressees & PUBLIC:
        return Visibility.PUBLIC
    if any(address.rstrip("/").endswith("/followers") for address in addressees):
        return Visibility.FOLLOWERS
    raise UnusableEntry("is a direct message")


def _read_attachments(note: Fields, key: str) -> tuple[tuple[ArchivedImage, ...], tuple[str, ...]]:
    images: list[ArchivedImage] = []
    remarks: list[str] = []
    for number, attachment in enumerate(objects_of(note, "attachment")):
        file = text_of(attachment, "url", "href")
        if fault := media_fault(text_of(attachment, "mediaType"), file):
            remarks.append(f"{file}: {fault}")
        else:
            alt_text = human_alt_text(text_of(attachment, "name", "summary"))
            images.append(ArchivedImage(f"{key}/{number}", file, alt_text))
    if not images:
        raise UnusableEntry("; ".join(remarks) or "has no image")
    return tuple(images), tuple(remarks)


def read_actor(actor: Fields) -> ArchivedProfile:
    """Return the profile of an actor."""
    icons = objects_of(actor, "icon")
    avatar = text_of(icons[0], "url") if icons else ""
    return ArchivedProfile(
        display_name=text_of(actor, "name"),
        bio=html_to_text(text_of(actor, "summary")),
        avatar=ArchivedImage("avatar", avatar) if avatar else None,
        follow_approval=actor.get("manuallyApprovesFollowers") is True,
    )

"""Accounts, posts, likes, follows and rankings on the command line, in memory."""

from pathlib import Path

import pytest

from tests.entrypoints.cli.conftest import Tintype
from tests.sample_images import a_jpeg


def write_image(folder: Path, seed: int = 0) -> Path:
    path = folder / f"{seed}.jpg"
    path.write_bytes(a_jpeg(seed=seed))
    return path


def test_account_is_added_listed_shown_and_deleted(tintype: Tintype) -> None:
    ran = tintype(
        "user", "add", "Ada", "--email", "ada@example.org", "--password-stdin", "--admin", stdin="correct horse\n"
    )
    assert (ran.code, ran.err) == (0, "")
    assert "Created the administrator account ada" in ran.out
    assert "ada@example.org" in tintype("user", "list").out
    assert "(admin)" in tintype("user", "show", "ada").out
    assert tintype("user", "delete", "ada", stdin="n\n").code == 1
    assert tintype("user", "show", "ada").code == 0
    assert "Deleted ada with 0 posts" in tintype("user", "delete", "ada", "--yes").out
    assert tintype("user", "show", "ada").code == 3


def test_users_as_json_lines(tintype: Tintype) -> None:
    tintype.sign_up("ada", "bob")
    users = tintype("user", "list", "--json").lines
    assert [user["username"] for user in users] == ["bob", "ada"]
    assert {"id", "followers_count", "created_at", "viewer"} <= set(users[0])


def test_role_is_set(tintype: Tintype) -> None:
    tintype.sign_up("ada")

    assert "ada has the role moderator now" in tintype("user", "role", "ada", "moderator").out
    assert "(moderator)" in tintype("user", "show", "ada").out
    assert "moderator" in tintype("user", "list").out
    assert tintype("user", "role", "ada", "user").code == 0
    assert "moderator" not in tintype("user", "list").out


def test_unknown_role_or_account_is_refused(tintype: Tintype) -> None:
    tintype.sign_up("ada")

    assert tintype("user", "role", "ada", "owner").code == 2
    assert tintype("user", "role", "bob", "admin").code == 3


def test_password_is_set(tintype: Tintype) -> None:
    tintype.sign_up("ada")
    assert "new password" in tintype("user", "passwd", "ada", "--password-stdin", stdin="another horse\n").out
    assert tintype("user", "passwd", "ada", "--password-stdin", stdin="short\n").code == 4


def test_second_factors_are_reset(tintype: Tintype) -> None:
    tintype.sign_up("ada")
    assert "Removed 0 second factors of ada" in tintype("user", "reset-factors", "ada").out
    assert tintype("user", "reset-factors", "nobody").code == 3


def test_image_is_posted_classified_and_shown(tintype: Tintype, images: Path) -> None:
    tintype.sign_up("ada")
    ran = tintype("post", write_image(images), "--as", "ada", "--text", "first light")
    assert ran.code == 0
    assert "first light" in ran.out
    assert "not classified yet" in ran.out
    tintype.understand()
    shown = tintype("feed", "--as", "ada").out
    assert "%" in shown
    assert "suggested by" in shown
    (post,) = tintype("feed", "--as", "ada", "--json").lines
    assert post["images"][0]["alt_text_suggestion"]


def test_suggestion_is_shown_to_owner_only(tintype: Tintype, images: Path) -> None:
    tintype.sign_up("ada", "bob")
    post_id = tintype.publish("ada", write_image(images))
    tintype.understand()
    assert "suggested by" not in tintype("show", post_id, "--as", "bob").out
    assert tintype("show", post_id, "--json").lines[0]["images"][0]["alt_text_suggestion"] is None


def test_posts_as_json_lines_have_form_of_api(tintype: Tintype, images: Path) -> None:
    tintype.sign_up("ada")
    post_id = tintype.publish("ada", write_image(images), "hello")
    (post,) = tintype("feed", "--as", "ada", "--json").lines
    assert (post["id"], post["text"], post["viewer"]) == (post_id, "hello", {"liked": False})
    assert set(post["images"][0]["urls"]) == {"thumb", "medium", "large"}
    assert tintype("show", post_id, "--json").lines[0]["viewer"] is None


def test_several_images_make_one_post_and_too_many_are_refused(tintype: Tintype, images: Path) -> None:
    tintype.sign_up("ada")
    files = [write_image(images, seed) for seed in range(11)]
    assert len(tintype("post", *files[:3], "--as", "ada", "--json").lines[0]["images"]) == 3
    refused = tintype("post", *files, "--as", "ada", "--json")
    assert (refused.code, refused.problem["code"]) == (4, "too_many_images")


def test_missing_file_is_not_found(tintype: Tintype, images: Path) -> None:
    tintype.sign_up("ada")
    assert tintype("post", write_image(images), images / "none.jpg", "--as", "ada").code == 3
    assert "empty" in tintype("feed", "--as", "ada").out


def test_likes_comments_and_follows(tintype: Tintype, images: Path) -> None:
    tintype.sign_up("ada", "bob")
    post_id = tintype.publish("ada", write_image(images))
    assert tintype("like", post_id, "--as", "bob", "--json").lines == [{"like_count": 1, "liked": True}]
    assert "1 like." in tintype("like", post_id, "--as", "bob").out
    assert tintype("comment", post_id, "lovely", "--as", "bob", "--json").lines[0]["text"] == "lovely"
    assert "lovely" in tintype("show", post_id).out
    assert "bob follows ada." in tintype("follow", "ada", "--as", "bob").out
    assert [post["id"] for post in tintype("feed", "--as", "bob", "--json").lines] == [post_id]
    assert tintype("unfollow", "ada", "--as", "bob", "--json").lines[0]["viewer"]["follows"] is False
    assert "0 likes" in tintype("unlike", post_id, "--as", "bob").out


def test_rankings_explain_scores(tintype: Tintype, images: Path) -> None:
    tintype.sign_up("ada", "bob")
    first, second = (tintype.publish("ada", write_image(images, seed)) for seed in (1, 2))
    tintype("like", first, "--as", "bob")
    top = tintype("top", "--window", "week", "--json").lines
    assert [(item["rank"], item["post"]["id"], item["why"]["likes"]) for item in top] == [(1, first, 1), (2, second, 0)]
    assert "score 1.00: 1 like" in tintype("top", "--limit", "1").out
    assert "half-life 12 hours" in tintype("trending").out


def test_posts_are_found_by_words(tintype: Tintype, images: Path) -> None:
    tintype.sign_up("ada")
    post_id = tintype.publish("ada", write_image(images), "Dogs at the sea")
    assert "Dogs at the sea" in tintype("search", "dog sea").out
    assert [(hit["post"]["id"], hit["score"]) for hit in tintype("search", "dog", "--json").lines] == [(post_id, 1.0)]
    assert "No post contains all of these words." in tintype("search", "dog mountain").out
    assert tintype("search", "?!").code == 4


def test_follow_of_private_account_is_request(tintype: Tintype) -> None:
    tintype.sign_up("ada", "bob")
    tintype.turn_private("ada")
    assert "bob requests to follow ada." in tintype("follow", "ada", "--as", "bob").out
    assert tintype("follow", "ada", "--as", "bob", "--json").lines[0]["viewer"]["requested"] is True


def test_similar_images_are_found_by_id_and_by_file(tintype: Tintype, images: Path) -> None:
    tintype.sign_up("ada", "bob")
    file = write_image(images)
    mine, theirs = tintype.publish("ada", file), tintype.publish("bob", file)
    image = tintype("show", mine, "--json").lines[0]["images"][0]["id"]
    out = tintype("similar", image).out
    assert "There are no similar images" in out
    assert "The model has not classified 2 images yet" in out
    tintype.understand()
    assert [(found["post"]["id"], found["distance"]) for found in tintype("similar", image, "--json").lines] == [
        (theirs, pytest.approx(0, abs=1e-6))
    ]
    assert {found["post"]["id"] for found in tintype("similar", file, "--json").lines} == {mine, theirs}
    assert tintype("similar", file, "--limit", "1").out.startswith("0.000  ")
    assert tintype("similar", images / "none.jpg").code == 3


def test_long_list_is_read_to_limit(tintype: Tintype, images: Path) -> None:
    tintype.sign_up("ada")
    image = write_image(images)
    ids = [tintype.publish("ada", image) for _ in range(5)]
    assert [post["id"] for post in tintype("feed", "--as", "ada", "--limit", "3", "--json").lines] == ids[:1:-1]


def test_control_characters_of_users_do_not_reach_terminal(tintype: Tintype, images: Path) -> None:
    tintype.sign_up("ada")
    shown = tintype("post", write_image(images), "--as", "ada", "--text", "\x1b[2Jgone\x07").out
    assert "\x1b" not in shown
    assert "gone" in shown


def test_counters_and_jobs(tintype: Tintype, images: Path) -> None:
    tintype.sign_up("ada")
    tintype.publish("ada", write_image(images))
    counts = tintype("jobs", "status", "--json").lines
    assert {"task": "classification", "state": "pending", "count": 1, "example_error": None} in counts
    assert "pending" in tintype("jobs", "status").out
    assert tintype("jobs", "retry", "--json").lines == [{"retried": 0}]
    assert tintype("counters", "verify").out == "Every counter equals its rows.\n"
    assert tintype("counters", "repair").code == 0

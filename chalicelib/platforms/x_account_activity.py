"""Account Activity, X's older product: the tweet objects of API v1.1.

https://docs.x.com/x-api/account-activity/introduction
"""

from chalicelib.message import Author, Change, Ignored, Kind, Message
from chalicelib.platforms import tame
from chalicelib.platforms import x_messages as messages
from chalicelib.platforms.tame import Object


def read(payload: Object) -> Message | Ignored:
    """Read an event; all that are neither posts nor direct messages say nothing."""
    for_user = tame.identifier(payload, "for_user_id")
    if "tweet_create_events" in payload:
        return _tweet(tame.only(payload, "tweet_create_events"), for_user)
    if "tweet_delete_events" in payload:
        gone = tame.mapping(tame.only(payload, "tweet_delete_events"), "status")
        return messages.deletion(gone, for_user)
    if "direct_message_events" in payload:
        return messages.direct_message(payload, for_user)
    known = "for_user_id" in payload or "user_event" in payload or "replay_job_status" in payload
    return Ignored.NOT_A_MESSAGE if known else Ignored.UNKNOWN_EVENT


def _tweet(tweet: Object, for_user: str | None) -> Message | Ignored:
    """Read a tweet. Its numeric ids are rounded on the way: the strings count."""
    if tweet.get("retweeted_status"):
        return Ignored.NOT_A_MESSAGE
    user, long_form = tame.mapping(tweet, "user"), tame.mapping(tweet, "extended_tweet")
    author = tame.identifier(user, "id_str", "id")
    answered = tame.identifier(tweet, "in_reply_to_status_id_str", "in_reply_to_status_id")
    to_us = tame.identifier(tweet, "in_reply_to_user_id_str", "in_reply_to_user_id") == for_user
    message = Message(
        platform=messages.NAME,
        change=Change.CREATED,
        kind=Kind.REPLY if answered and (to_us or author == for_user) else Kind.MENTION,
        account_id=for_user,
        message_id=tame.required(tweet, "id_str", "id"),
        in_reply_to=answered or _quoted(tweet),
        author=Author(author, tame.text(user, "name", "screen_name")),
        text=tame.text(long_form, "full_text") or tame.text(tweet, "full_text", "text"),
        occurred_at=tame.epoch(tweet, "timestamp_ms", "created_at"),
    )
    return messages.post(message, _history(tweet), answered)


def _quoted(tweet: Object) -> str | None:
    whole = tame.mapping(tweet, "quoted_status")
    quoted = tame.identifier(tweet, "quoted_status_id_str") or tame.identifier(whole, "id_str", "id")
    return messages.edition(quoted, _history(whole))[0] if quoted else None


def _history(tweet: Object) -> list[str]:
    """Read the ids of all editions. https://docs.x.com/x-api/enterprise-gnip-2.0/fundamentals/edit-tweets."""
    history = tame.mapping(tweet, "edit_history")
    first, editions = (
        tame.identifier(history, "initial_tweet_id"),
        tame.identifiers(history, "edit_tweet_ids"),
    )
    return editions if first is None or first in editions else [first, *editions]

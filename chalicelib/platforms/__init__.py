"""The registry: one line for each platform."""

from chalicelib.errors import NotFound
from chalicelib.platforms import (
    facebook,
    instagram,
    linkedin,
    mastodon,
    messenger,
    standard_webhooks,
    threads,
    whatsapp,
    x,
    youtube,
)
from chalicelib.platforms.base import Platform

PLATFORMS: dict[str, Platform] = {
    platform.name: platform
    for platform in (
        facebook.PLATFORM,
        instagram.PLATFORM,
        linkedin.PLATFORM,
        messenger.PLATFORM,
        whatsapp.PLATFORM,
        threads.PLATFORM,
        x.PLATFORM,
        youtube.PLATFORM,
        mastodon.PLATFORM,
        standard_webhooks.PLATFORM,
    )
}

CONTENT_TYPES = sorted(
    {content_type for platform in PLATFORMS.values() for content_type in platform.content_types}
)


def named(name: str) -> Platform:
    """Find the platform of a webhook address.

    Raises:
        NotFound: we have none of that name.

    """
    try:
        return PLATFORMS[name]
    except KeyError:
        raise NotFound(f"there is no platform {name!r}; there are {', '.join(PLATFORMS)}") from None

"""All rows of one platform. What fails with one thing hides nothing of the others."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial

from chalicelib.errors import ConfigurationError, Unavailable, ZustaendigError, told
from chalicelib.subscriptions import deliveries, handshakes, linkedin, meta, tokens, x, youtube
from chalicelib.subscriptions.known import Known
from chalicelib.subscriptions.rows import DELIVERIES, HANDSHAKE, SUBSCRIPTION, TOKEN, Row, State

OF_EACH_ACCOUNT: Mapping[str, Callable[[Known, str], Row]] = {
    "facebook": meta.row,
    "instagram": meta.row,
    "linkedin": linkedin.row,
    "messenger": meta.row,
    "youtube": youtube.row,
}
OF_THE_APP: Mapping[str, Callable[[Known], Row]] = {"x": x.row}

NOT_USED = "To use a platform, name our accounts there in OWN_ACCOUNTS, and its secrets."
NO_ACCOUNT = "Name our accounts in OWN_ACCOUNTS, so that their subscriptions can be looked at."
NOT_TAKEN = "Is its access token still good, with the permissions that docs/platforms/ lists?"


def rows(known: Known) -> Iterator[Row]:
    """Give the rows of a platform, or the one that it is not used."""
    if not (known.accounts or known.counts.last_at or known.record().handshake_at):
        yield Row(known.platform, None, SUBSCRIPTION, State.OFF, remedy=NOT_USED)
        return
    for what, found in ((DELIVERIES, deliveries.rows), (HANDSHAKE, handshakes.rows), (TOKEN, tokens.rows)):
        yield from guarded(Row(known.platform, None, what, State.UNKNOWN), partial(found, known))
    yield from _subscriptions(known)


def _subscriptions(known: Known) -> Iterator[Row]:
    broken = Row(known.platform, None, SUBSCRIPTION, State.UNKNOWN)
    if whole := OF_THE_APP.get(known.platform):
        yield from guarded(broken, lambda: [whole(known)])
    of_account = OF_EACH_ACCOUNT.get(known.platform)
    if of_account and not known.accounts:
        yield broken._replace(remedy=NO_ACCOUNT)
    elif of_account:
        for account in known.accounts:
            yield from guarded(broken._replace(account=account), partial(_alone, of_account, known, account))


def _alone(of_account: Callable[[Known, str], Row], known: Known, account: str) -> list[Row]:
    return [of_account(known, account)]


def subscribed(platform: str, accounts: Collection[str]) -> list[str]:
    """Give those of our accounts that can have a subscription."""
    return sorted(one for one in accounts if platform != "linkedin" or one.startswith(linkedin.PAGE))


def guarded(broken: Row, rows: Callable[[], Iterable[Row]]) -> list[Row]:
    """Give rows; if they cannot be made, `broken` with why, and what to do."""
    try:
        return list(rows())
    except ConfigurationError as error:  # it names the remedy
        return [broken._replace(remedy=f"{error}.")]
    except Unavailable as error:
        return [broken._replace(why=f"{error}.")]
    except ZustaendigError as error:
        return [broken._replace(state=State.FAILING, why=f"{error}.", remedy=NOT_TAKEN)]
    except Exception as error:  # noqa: BLE001  (a bug with one platform must not hide the others)
        return [broken._replace(why=told(error))]

"""Fetching from one account after the other: what fails with one keeps nothing from the others."""

from collections.abc import Callable, Iterable, Iterator

from chalicelib.errors import ApiRefused, ConfigurationError, PayloadError, Unavailable

Failure = ApiRefused | ConfigurationError | PayloadError | Unavailable


def each_account(accounts: Iterable[str], fetch: Callable[[str], Iterator[bytes]]) -> Iterator[bytes]:
    """Yield what is fetched from each account.

    Raises:
        ApiRefused, ConfigurationError, PayloadError, Unavailable: after all were asked, if some do not tell;
            it is the first one's, and names them all.

    """
    failures: dict[str, Failure] = {}
    for account in accounts:
        try:
            yield from fetch(account)
        except (ApiRefused, ConfigurationError, PayloadError, Unavailable) as error:
            failures[account] = error
    if failures:
        raise _one(failures)


def _one(failures: dict[str, Failure]) -> Failure:
    told = "; ".join(f"{account}: {error}" for account, error in failures.items())
    first = next(iter(failures.values()))
    if isinstance(first, ApiRefused):
        return ApiRefused(told, status=first.status, reason=first.reason)
    return type(first)(told)

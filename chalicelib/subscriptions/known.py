"""What a check of one platform knows, and what it may do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chalicelib.errors import ApiRefused, ConfigurationError, PayloadError, Unavailable
from chalicelib.handshakes import KEPT_FOR
from chalicelib.subscriptions.reach import WHOLE, Reach
from chalicelib.subscriptions.records import NOTHING, Record
from chalicelib.volume import Counts

Note = Callable[[str, Mapping[str, int | str]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known(Reach):
    """One platform as a check finds it.

    records: what is remembered, by account or WHOLE. counts: deliveries by the hour.
    keep: keep alive what can be kept alive; else only look.
    note: remembers something of an account; nothing, if it may only look.
    """

    records: Mapping[str, Record]
    counts: Counts
    keep: bool
    note: Note

    def record(self, account: str = WHOLE) -> Record:
        """Give what is remembered of an account."""
        return self.records.get(account, NOTHING)

    def remember(self, account: str, values: Mapping[str, int | str]) -> None:
        """Note what is new of an account, and note it again long before it would be forgotten."""
        record = self.record(account)
        is_new = any(getattr(record, name) != value for name, value in values.items())
        if is_new or record.expires_at < self.now + KEPT_FOR // 2:
            self.note(account, values)

    def attempt(self, act: Callable[[], object]) -> str:
        """Do something for a subscription; tell why it did not work, or nothing."""
        try:
            act()
        except (ApiRefused, Unavailable, PayloadError, ConfigurationError) as error:
            return f"Trying to renew it failed: {error}."
        return ""

"""How clocks and their alarms lie in a ticket's item."""

from dataclasses import asdict

from chalicelib.attributes import Item, seconds, there
from chalicelib.clocks import Alarm, Clock, ClockName


def clock_item(clock: Clock) -> Item:
    """Write a clock."""
    alarms = [there(asdict(alarm)) for alarm in clock.alarms]
    return there({**asdict(clock), "name": str(clock.name), "alarms": alarms})


def clock_of(item: Item) -> Clock:
    """Read a clock back."""
    return Clock(
        name=ClockName(item["name"]),
        started_at=int(item["started_at"]),
        seconds=int(item["seconds"]),
        due_at=int(item["due_at"]),
        calendar=item["calendar"],
        calendar_version=item["calendar_version"],
        policy=item["policy"],
        no_later_than=seconds(item, "no_later_than"),
        stopped_at=seconds(item, "stopped_at"),
        alarms=tuple(map(alarm_of, item["alarms"])),
    )


def alarm_of(item: Item) -> Alarm:
    """Read an alarm back."""
    return Alarm(
        level=item["level"],
        at=int(item["at"]),
        told_at=seconds(item, "told_at"),
        claimed_at=seconds(item, "claimed_at"),
        claimed_until=seconds(item, "claimed_until"),
        passed_at=seconds(item, "passed_at"),
    )

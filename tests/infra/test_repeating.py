"""Threads that go on after an error and finish what they are at when they stop."""

from threading import Event, Thread

import pytest

from infra.local import repeating as module
from infra.local.repeating import repeating


def test_an_error_is_logged_and_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "AFTER_AN_ERROR", 0)
    again, calls = Event(), []

    def act() -> None:
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError
        again.set()

    with repeating("worker", act):
        again.wait()

    assert "worker failed and is tried again" in caplog.text


def test_a_stop_waits_for_what_is_at_hand() -> None:
    begun, go_on, done = Event(), Event(), []

    def act() -> None:
        begun.set()
        go_on.wait()
        done.append("done")

    running = repeating("worker", act)
    running.__enter__()
    begun.wait()
    stopping = Thread(target=running.__exit__, args=(None, None, None))
    stopping.start()
    assert stopping.is_alive()
    assert not done

    go_on.set()
    stopping.join()
    assert done[-1] == "done"


def test_a_timer_that_has_not_run_out_does_not_delay_the_stop() -> None:
    with repeating("timer", lambda: pytest.fail("too early"), every=3600):
        pass

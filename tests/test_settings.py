"""Settings and secrets: what is missing or wrong is named, secrets are not, and rotation needs no restart."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib import settings
from chalicelib.errors import ConfigurationError, Unavailable
from chalicelib.secrets import FRESH_FOR, Secrets, from_file, from_parameter
from tests.world import ENVIRONMENT


def test_the_environment_is_read() -> None:
    read = settings.read({**ENVIRONMENT, "OIDC_ROLE_CLAIM": "cognito:groups"})

    assert read.table_name == "tickets"
    assert read.own_accounts == {"x": ["4711"]}
    assert (read.oidc_role_claim, read.oidc_jwks_url) == ("cognito:groups", None)


@pytest.mark.parametrize(
    "name", ["TABLE_NAME", "INTAKE_QUEUE_URL", "INTAKE_DLQ_URL", "OIDC_ISSUER", "OIDC_AUDIENCE"]
)
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_variable_is_named(name: str, value: str | None) -> None:
    environment = {k: v for k, v in ENVIRONMENT.items() if k != name}
    with pytest.raises(ConfigurationError, match=name):
        settings.read(environment if value is None else {**environment, name: value})


@pytest.mark.parametrize("value", ["[]", "no json", '"text"'])
def test_a_wrong_variable_is_named(value: str) -> None:
    with pytest.raises(ConfigurationError, match="DEPARTMENT_QUEUE_URLS"):
        settings.read({**ENVIRONMENT, "DEPARTMENT_QUEUE_URLS": value})


class Store:
    """Where secrets lie: their text, or an outage."""

    def __init__(self, text: str) -> None:
        self.text, self.reads, self.now = text, 0, 0.0

    def read(self) -> str:
        self.reads += 1
        if self.text == "outage":
            raise Unavailable("no")
        return self.text


def document(*signing: str) -> str:
    return json.dumps({"signing": {"x": list(signing)}, "verify_tokens": {"facebook": "token"}})


@pytest.fixture
def store() -> Store:
    return Store(document("new", "", "old"))


@pytest.fixture
def secrets(store: Store) -> Secrets:
    return Secrets(store.read, lambda: store.now)


def test_current_and_previous_are_given_and_empty_ones_are_not(secrets: Secrets) -> None:
    assert secrets.keys("x").signing == (b"new", b"old")
    assert secrets.keys("facebook").verify_token == "token"
    assert secrets.keys("facebook").signing == secrets.keys("myspace").signing == ()


def test_secrets_are_read_once_and_again_when_they_may_have_changed(store: Store, secrets: Secrets) -> None:
    for _ in range(10):
        secrets.keys("x")
    assert store.reads == 1

    store.text, store.now = document("newer", "new"), FRESH_FOR + 1
    assert secrets.keys("x").signing == (b"newer", b"new")
    assert store.reads == 2


def test_an_outage_closes_no_door_that_was_open(store: Store, secrets: Secrets) -> None:
    secrets.keys("x")
    store.text, store.now = "outage", FRESH_FOR + 1

    assert secrets.keys("x").signing == (b"new", b"old")


def test_an_outage_from_the_start_is_told(store: Store, secrets: Secrets) -> None:
    store.text = "outage"
    with pytest.raises(Unavailable):
        secrets.keys("x")


@pytest.mark.parametrize(
    "text",
    [
        "no json: hush-hush",
        '["hush-hush"]',
        '{"signing": ["hush-hush"]}',
        '{"signing": {"x": "hush-hush"}}',
        '{"signing": {"x": [7, "hush-hush"]}}',
        '{"verify_tokens": "hush-hush"}',
    ],
)
def test_a_wrong_document_is_told_without_its_secrets(store: Store, secrets: Secrets, text: str) -> None:
    store.text = text
    with pytest.raises(ConfigurationError) as error:
        secrets.keys("x")

    assert "hush-hush" not in str(error.value)
    assert error.value.__cause__ is None


def test_a_missing_file_is_named() -> None:
    with pytest.raises(ConfigurationError, match="SECRETS_FILE"):
        from_file("/nowhere/secrets.json")()


def test_the_parameter_is_read_decrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    class Ssm:
        def get_parameter(self, **asked: Any) -> Any:
            assert asked == {"Name": "/zustaendig/secrets", "WithDecryption": True}
            return {"Parameter": {"Value": document("s")}}

    def client(service: str, _config: object) -> Any:
        assert service == "ssm"
        return Ssm()

    monkeypatch.setattr("chalicelib.aws.client", client)
    read: Callable[[], str] = from_parameter("/zustaendig/secrets")

    assert Secrets(read, lambda: 0.0).keys("x").signing == (b"s",)

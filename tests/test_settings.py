"""Settings and secrets: what is missing or wrong is named, secrets are not, and rotation needs no restart."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.errors import ConfigurationError, Unavailable
from chalicelib.platforms.base import Keys
from chalicelib.secrets import AGAIN_AFTER, FRESH_FOR, Secrets, from_file, from_parameter
from chalicelib.settings import API_URLS, Settings
from tests.world import ENVIRONMENT


def test_the_environment_is_read() -> None:
    read = Settings({**ENVIRONMENT, "OIDC_ROLE_CLAIM": "cognito:groups"})

    assert read.table_name == "tickets"
    assert (read.oidc_role_claim, read.oidc_jwks_url) == ("cognito:groups", None)


NEEDED = [
    "TABLE_NAME",
    "INTAKE_QUEUE_URL",
    "INTAKE_DLQ_URL",
    "OIDC_ISSUER",
    "OIDC_AUDIENCE",
    "SECRETS_PARAMETER",
]


@pytest.mark.parametrize("name", NEEDED)
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_variable_is_named_when_it_is_needed(name: str, value: str | None) -> None:
    environment = {k: v for k, v in ENVIRONMENT.items() if k != name}
    read = Settings(environment if value is None else {**environment, name: value})

    assert read.department_queue_urls
    with pytest.raises(ConfigurationError, match=name):
        getattr(read, name.lower())


@pytest.mark.parametrize("value", ["[]", "no json", '"text"'])
def test_a_wrong_variable_is_named(value: str) -> None:
    with pytest.raises(ConfigurationError, match="DEPARTMENT_QUEUE_URLS"):
        Settings({"DEPARTMENT_QUEUE_URLS": value}).department_queue_urls  # noqa: B018


def test_our_own_accounts_are_ids_however_they_are_written() -> None:
    read = Settings({"OWN_ACCOUNTS": '{"x": ["1", 2], "facebook": []}'})

    assert read.own_accounts == {"x": {"1", "2"}, "facebook": frozenset()}


@pytest.mark.parametrize("value", ['"301"', "301", '{"301": true}', "[true]", "[null]", "[[1]]", "[1.5]"])
def test_own_accounts_that_are_no_list_of_ids_are_told(value: str) -> None:
    with pytest.raises(ConfigurationError, match='OWN_ACCOUNTS: "facebook" must hold a list'):
        Settings({"OWN_ACCOUNTS": f'{{"facebook": {value}}}'}).own_accounts  # noqa: B018


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


@pytest.mark.parametrize("text", ["outage", "no json", "[]"])
def test_an_outage_or_a_broken_document_closes_no_door_that_was_open(
    store: Store, secrets: Secrets, text: str
) -> None:
    secrets.keys("x")
    store.text, store.now = text, FRESH_FOR + 1
    for _ in range(10):
        assert secrets.keys("x").signing == (b"new", b"old")
    assert store.reads == 2

    store.text, store.now = document("newer"), store.now + AGAIN_AFTER + 1
    assert secrets.keys("x").signing == (b"newer",)


@pytest.mark.parametrize(("text", "error"), [("outage", Unavailable), ("no json", ConfigurationError)])
def test_an_outage_from_the_start_is_told_without_asking_each_time(
    store: Store, secrets: Secrets, text: str, error: type[Exception]
) -> None:
    store.text = text
    for _ in range(10):
        with pytest.raises(error):
            secrets.keys("x")
    assert store.reads == 1

    store.text, store.now = document("late"), AGAIN_AFTER + 1
    assert secrets.keys("x").signing == (b"late",)


def test_secrets_that_are_fetched_before_are_not_read_for_the_first_caller(
    store: Store, secrets: Secrets
) -> None:
    secrets.prefetch()
    secrets.keys("x")

    assert store.reads == 1


def test_whom_fetching_before_has_failed_is_not_shut_out(store: Store, secrets: Secrets) -> None:
    good, store.text = store.text, "outage"
    secrets.prefetch()
    store.text = good

    assert secrets.keys("x").signing == (b"new", b"old")


@pytest.mark.parametrize(
    "text",
    [
        '{"signing": {"x": "hush-hush", "facebook": ["fine"]}}',
        '{"signing": {"x": [7, "hush-hush"], "facebook": ["fine"]}}',
        '{"signing": {"x": ["hush-hush"], "facebook": ["fine"]}, "verify_tokens": {"x": 7}}',
    ],
)
def test_what_is_wrong_with_one_platform_closes_its_door_alone(
    store: Store, secrets: Secrets, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    store.text = text

    assert secrets.keys("x") == Keys()
    assert secrets.keys("facebook").signing == (b"fine",)
    assert "hush-hush" not in capsys.readouterr().out


@pytest.mark.parametrize(
    "text",
    ["no json: hush-hush", '["hush-hush"]', '{"signing": ["hush-hush"]}', '{"verify_tokens": "hush-hush"}'],
)
def test_a_wrong_document_is_told_without_its_secrets(
    store: Store, secrets: Secrets, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    store.text = text
    with pytest.raises(ConfigurationError) as error:
        secrets.keys("x")

    assert "hush-hush" not in str(error.value) + capsys.readouterr().out
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


def test_stand_ins_for_apis_are_read_by_variable() -> None:
    read = Settings({"X_API_URL": "http://127.0.0.1:1", "META_API_URL": "", "OTHER_API_URL": "x"})

    assert read.api_urls == {"X_API_URL": "http://127.0.0.1:1"}


@pytest.mark.parametrize("name", API_URLS)
def test_nothing_stands_in_for_an_api_on_lambda(name: str) -> None:
    on_lambda = {"AWS_LAMBDA_FUNCTION_NAME": "zustaendig-worker"}

    assert Settings(on_lambda).api_urls == {}
    with pytest.raises(ConfigurationError, match=f"{name} must not be set on Lambda"):
        Settings({**on_lambda, name: "https://elsewhere.example"}).api_urls  # noqa: B018

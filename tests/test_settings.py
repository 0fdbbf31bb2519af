"""Settings: what is missing or wrong is named."""

import pytest

from chalicelib.errors import ConfigurationError
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
    "BRIEF_INTAKE_QUEUE_URL",
    "BRIEF_INTAKE_DLQ_URL",
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


@pytest.mark.parametrize("name", ["zustaendig/secrets", "arn:aws:secretsmanager:eu-central-1:1:secret:s"])
def test_a_parameter_without_its_slash_is_told(name: str) -> None:
    with pytest.raises(ConfigurationError, match="begins with /"):
        Settings({"SECRETS_PARAMETER": name}).secrets_parameter  # noqa: B018


def test_stand_ins_for_apis_are_read_by_variable() -> None:
    read = Settings({"X_API_URL": "http://127.0.0.1:1", "META_API_URL": "", "OTHER_API_URL": "x"})

    assert read.api_urls == {"X_API_URL": "http://127.0.0.1:1"}


@pytest.mark.parametrize("name", API_URLS)
def test_nothing_stands_in_for_an_api_on_lambda(name: str) -> None:
    on_lambda = {"AWS_LAMBDA_FUNCTION_NAME": "zustaendig-worker"}

    assert Settings(on_lambda).api_urls == {}
    with pytest.raises(ConfigurationError, match=f"{name} must not be set on Lambda"):
        Settings({**on_lambda, name: "https://elsewhere.example"}).api_urls  # noqa: B018


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (None, None),
        ("", None),
        ("https://hooks.example/v1/", "https://hooks.example/v1"),
        ("https://abc123.execute-api.eu-central-1.amazonaws.com/v1", None),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    ],
)
def test_where_platforms_reach_us_is_read_without_its_last_slash(given: str | None, read: str | None) -> None:
    environ = {} if given is None else {"PUBLIC_URL": given}

    assert Settings(environ).public_url == (read or given or None)


@pytest.mark.parametrize(
    "given", ["hooks.example", "http://hooks.example", "https://", "https://a b", "https://a/?b"]
)
def test_an_address_that_no_platform_could_reach_is_told(given: str) -> None:
    with pytest.raises(ConfigurationError, match="PUBLIC_URL"):
        Settings({"PUBLIC_URL": given}).public_url  # noqa: B018

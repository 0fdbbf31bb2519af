"""Limits of AWS that departments can run into, told before CloudFormation finds out."""

import pytest

from chalicelib.errors import ConfigurationError
from infra import deploy, environment, names


def test_twenty_five_departments_fit() -> None:
    environment.check_room([f"department_{number:02}" for number in range(25)])


def test_departments_that_do_not_fit_into_lambdas_environment_are_refused_with_the_remedy() -> None:
    with pytest.raises(ConfigurationError, match=r"60 departments take \d+ bytes .*shorten ids or STACK"):
        environment.check_room([f"department_{number:02}" for number in range(60)])


def test_ids_that_are_one_in_cloudformation_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="DepartmentA1Queue"):
        names.queues(["a_1", "a1"])


def test_a_stack_name_that_makes_a_queue_name_too_long_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="shorten STACK"):
        names.check_stack("z" * 60, ["human_resources"])


def test_a_parameter_without_default_must_be_given_the_first_time() -> None:
    with pytest.raises(ConfigurationError, match=r'PARAMETERS="OidcAudience=…"'):
        deploy.chosen(environment.parameters(), {"OidcIssuer": "https://i.example"}, kept=[])


def test_an_unknown_parameter_is_refused() -> None:
    given = {"OidcIssuer": "i", "OidcAudience": "a", "OidcIsuer": "typo"}

    with pytest.raises(ConfigurationError, match="there is no OidcIsuer; there are OidcIssuer,"):
        deploy.chosen(environment.parameters(), given, kept=[])


def test_an_update_keeps_what_is_not_given_anew() -> None:
    values = deploy.chosen(
        environment.parameters(), {"LogLevel": "DEBUG"}, kept=["OidcIssuer", "OidcAudience"]
    )

    assert values == [
        {"ParameterKey": "LogLevel", "ParameterValue": "DEBUG"},
        {"ParameterKey": "OidcIssuer", "UsePreviousValue": True},
        {"ParameterKey": "OidcAudience", "UsePreviousValue": True},
    ]


def test_parameters_are_read_from_pairs() -> None:
    assert deploy.pairs("OidcIssuer=https://i.example/?a=b LogLevel=INFO") == {
        "OidcIssuer": "https://i.example/?a=b",
        "LogLevel": "INFO",
    }
    with pytest.raises(ConfigurationError, match="LogLevel has no value"):
        deploy.pairs("LogLevel")
    with pytest.raises(ConfigurationError, match="No closing quotation"):
        deploy.pairs("'OwnAccounts={}")

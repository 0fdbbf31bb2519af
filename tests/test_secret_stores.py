"""Where secrets lie: a file, Parameter Store, Secrets Manager; what is wrong there is told without them."""

import json
import re
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, NoCredentialsError, NoRegionError, ReadTimeoutError

from chalicelib import aws, wiring
from chalicelib.errors import ConfigurationError, Unavailable, ZustaendigError
from chalicelib.platforms import PLATFORMS
from chalicelib.platforms.base import Request
from chalicelib.secret_stores import Read, from_file, from_parameter, from_secrets_manager
from chalicelib.secrets import FRESH_FOR, Secrets
from infra.local import shared_secrets
from tests.engine import Engine
from tests.signing import NOW, signed
from tests.test_secrets import BODY, HUSH, document, each_platform
from tests.world import World

NAME = "/zustaendig/secrets"
ARN = "arn:aws:secretsmanager:eu-central-1:000000000000:secret:zustaendig-AbCdEf"


@pytest.mark.parametrize("content", [b"\xff hush-hush", b"\x00\x01hush-hush"])
def test_a_file_that_is_no_text_is_told_without_its_secrets(
    tmp_path: Path, content: bytes, logged: StringIO
) -> None:
    file = tmp_path / "secrets.json"
    file.write_bytes(content)
    with pytest.raises(ConfigurationError, match="not as documented"):
        Secrets(from_file(str(file)), lambda: 0.0).keys("x")

    assert HUSH not in logged.getvalue()


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    file.write_bytes(b"\xef\xbb\xbf" + document("s").encode())

    assert Secrets(from_file(str(file)), lambda: 0.0).keys("x").signing == (b"s",)


def test_a_missing_file_is_named() -> None:
    with pytest.raises(ConfigurationError, match="SECRETS_FILE"):
        from_file("/nowhere/secrets.json")()


# ── Parameter Store and Secrets Manager ───────────────────────────────────────────────────────────────────


class Aws:
    """Both stores of AWS: they answer with a value, or fail."""

    def __init__(self) -> None:
        self.answer: Any = document("s")
        self.asked: list[Any] = []

    def get_parameter(self, **asked: Any) -> Any:
        return {"Parameter": {"Value": self._asked("ssm", asked)}}

    def get_secret_value(self, **asked: Any) -> Any:
        answer = self._asked("secretsmanager", asked)
        return {"SecretBinary" if isinstance(answer, bytes) else "SecretString": answer}

    def _asked(self, service: str, asked: dict[str, Any]) -> Any:
        self.asked.append((service, asked))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def stores(monkeypatch: pytest.MonkeyPatch) -> Aws:
    stores = Aws()
    monkeypatch.setattr(aws, "client", lambda service, config: stores if service and config else None)
    return stores


in_each_store = pytest.mark.parametrize(
    ("read", "setting"),
    [
        (partial(from_parameter, NAME), "SECRETS_PARAMETER"),
        (partial(from_secrets_manager, ARN), "SECRETS_ARN"),
    ],
)


def test_a_parameter_is_read_decrypted_and_powertools_keeps_nothing(stores: Aws) -> None:
    read = from_parameter(NAME)
    first, stores.answer = read(), "changed"

    assert (first, read()) == (document("s"), "changed")
    assert stores.asked == [("ssm", {"Name": NAME, "WithDecryption": True})] * 2


def test_a_secret_is_read_and_powertools_keeps_nothing(stores: Aws) -> None:
    read = from_secrets_manager(ARN)
    first, stores.answer = read(), "changed"

    assert (first, read()) == (document("s"), "changed")
    assert stores.asked == [("secretsmanager", {"SecretId": ARN})] * 2


def test_a_binary_secret_will_do(stores: Aws) -> None:
    stores.answer = document("s").encode()

    assert Secrets(from_secrets_manager(ARN), lambda: 0.0).keys("x").signing == (b"s",)


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "AWS's words"}}, "Get")


@in_each_store
@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (refusal("ThrottlingException"), (Unavailable, "ThrottlingException")),
        (refusal("InternalServiceError"), (Unavailable, "InternalServiceError")),
        (ReadTimeoutError(endpoint_url="https://ssm"), (Unavailable, "ReadTimeoutError")),
        (NoCredentialsError(), (Unavailable, "NoCredentialsError")),
        (KeyError("Value"), (Unavailable, "KeyError")),
        (refusal("AccessDeniedException"), (ConfigurationError, "we may not read it: .*AWS's words")),
        (refusal("ParameterNotFound"), (ConfigurationError, "put it there")),
        (refusal("ResourceNotFoundException"), (ConfigurationError, "put it there")),
        (refusal("DecryptionFailure"), (ConfigurationError, "its key cannot read it")),
    ],
)
def test_what_aws_refuses_is_told_with_the_setting_and_the_remedy(
    stores: Aws, read: Any, setting: str, failure: Exception, told: tuple[type[ZustaendigError], str]
) -> None:
    stores.answer, (error, words) = failure, told

    with pytest.raises(error, match=f"{setting}=.*{words}"):
        read()()


@in_each_store
@pytest.mark.parametrize("failure", [refusal("ThrottlingException"), refusal("AccessDeniedException"), "no"])
def test_a_store_that_fails_closes_no_door_that_was_open_and_asks_once_a_minute(
    stores: Aws, read: Any, setting: str, failure: Any, logged: StringIO
) -> None:
    now = [0.0]
    secrets = Secrets(read(), lambda: now[0])
    stores.answer = document(HUSH)
    assert secrets.keys("x").signing == (HUSH.encode(),)

    stores.answer = failure
    for second in range(FRESH_FOR, FRESH_FOR + 600):
        now[0] = float(second)
        assert secrets.keys("x").signing == (HUSH.encode(),)
    assert len(stores.asked) == 1 + 10  # ten minutes
    assert "the secrets cannot be read" in logged.getvalue()
    assert HUSH not in logged.getvalue()


@in_each_store
def test_without_a_region_there_is_no_client_and_that_is_told(
    monkeypatch: pytest.MonkeyPatch, read: Any, setting: str
) -> None:
    def client(*_: object) -> Any:
        raise NoRegionError

    monkeypatch.setattr(aws, "client", client)
    with pytest.raises(Unavailable, match=f"{setting}=.*NoRegionError"):
        read()()


@pytest.mark.parametrize(
    ("environment", "service"),
    [
        ({"SECRETS_PARAMETER": NAME}, "ssm"),
        ({"SECRETS_PARAMETER": NAME, "SECRETS_ARN": ""}, "ssm"),
        ({"SECRETS_PARAMETER": NAME, "SECRETS_ARN": ARN}, "secretsmanager"),
    ],
)
def test_secrets_manager_is_asked_if_it_is_named_else_parameter_store(
    world: World, stores: Aws, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], service: str
) -> None:
    monkeypatch.delenv("SECRETS_FILE")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert wiring.secrets().keys("x").signing == (b"s",)
    assert [asked for asked, _ in stores.asked] == [service]


def test_both_are_read_as_the_engine_keeps_them(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws, "client", lambda service, _config: engine.client(service))
    ssm, manager = engine.client("ssm"), engine.client("secretsmanager")
    ssm.put_parameter(Name=NAME, Value=document("in Parameter Store"), Type="SecureString")
    arn = manager.create_secret(Name="secrets", SecretString=document("in Secrets Manager"))["ARN"]

    reads: list[Read] = [from_parameter(NAME), from_secrets_manager(arn)]
    found = [Secrets(read, lambda: 0.0).keys("x").signing for read in reads]

    assert found == [(b"in Parameter Store",), (b"in Secrets Manager",)]
    for read in (from_parameter("/not/there"), from_secrets_manager(f"{arn}x")):
        with pytest.raises(ConfigurationError, match="put it there"):
            read()


# ── on a laptop ───────────────────────────────────────────────────────────────────────────────────────────


@each_platform
def test_secrets_that_are_made_up_have_the_form_of_the_platforms_own(tmp_path: Path, platform: str) -> None:
    shared_secrets.prepare(tmp_path)
    keys = Secrets(from_file(str(tmp_path / shared_secrets.FILE)), lambda: 0.0).keys(platform)
    how = PLATFORMS[platform]

    headers = how.sign(keys.signing[0], BODY, NOW)
    how.verify(Request(headers=headers, body=BODY, now=NOW), keys)
    theirs = signed(platform, keys.signing[0].decode(), BODY, NOW)
    how.verify(Request(headers={n.lower(): v for n, v in theirs.items()}, body=BODY, now=NOW), keys)


def test_a_made_up_secret_of_the_generic_door_is_spelt_as_its_senders_want_it(tmp_path: Path) -> None:
    (secret,) = shared_secrets.prepare(tmp_path)["signing"]["standard_webhooks"]

    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", secret)


def test_secrets_that_are_there_stay_whatever_they_are(tmp_path: Path) -> None:
    file = tmp_path / shared_secrets.FILE
    mine: dict[str, dict[str, Any]] = {
        "signing": {"x": ["mine", "previous"], "myspace": ["old"]},
        "verify_tokens": {"facebook": "mine"},
        "access_tokens": {"facebook": {"*": "mine"}},
    }
    file.write_text(json.dumps(mine))

    made = shared_secrets.prepare(tmp_path)

    assert made == shared_secrets.prepare(tmp_path) == json.loads(file.read_text())
    assert made["access_tokens"] == mine["access_tokens"]
    assert made["signing"].items() >= mine["signing"].items()
    assert made["verify_tokens"]["facebook"] == "mine"
    assert made["signing"].keys() >= PLATFORMS.keys()


@pytest.mark.parametrize(
    "content", [HUSH, f'["{HUSH}"]', f'{{"signing": "{HUSH}"}}', f'{{"signing": ["{HUSH}"]}}']
)
def test_a_local_file_of_another_shape_is_told_without_its_secrets(tmp_path: Path, content: str) -> None:
    (tmp_path / shared_secrets.FILE).write_text(content)

    with pytest.raises(ConfigurationError, match="mend it, or remove it") as error:
        shared_secrets.prepare(tmp_path)
    assert HUSH not in str(error.value)
    assert error.value.__cause__ is None

"""run.json, secrets and keys: whole or not there, for our eyes only, the same after a restart."""

import stat
from pathlib import Path

import jwt
import pytest

from chalicelib.errors import ConfigurationError
from infra import run_file
from infra.errors import NotRunning
from infra.local import identity, private_files, settings, shared_secrets
from infra.run_file import Run

RUN = Run(
    api="http://127.0.0.1:1",
    engine="http://127.0.0.1:2",
    aws={"region": "r", "access_key_id": "a", "secret_access_key": "s"},
    tokens={},
    secrets={},
    verify_tokens={},
    queues={},
    brief_intake="https://sqs/brief-intake",
    intake="",
    dlqs={},
    table="",
    environment={},
)


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def test_run_json_is_there_while_it_runs_and_gone_afterwards(tmp_path: Path) -> None:
    with run_file.present(tmp_path, RUN):
        assert run_file.read(tmp_path) == RUN
        assert mode(tmp_path / "run.json") == 0o600

    with pytest.raises(NotRunning, match="make run"):
        run_file.read(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_whole_leaves_the_old_one(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    private_files.write(file, "old")

    with pytest.raises(UnicodeEncodeError):
        private_files.write(file, "half a pair: \ud83d")

    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_secrets_are_made_once(tmp_path: Path) -> None:
    first, again = shared_secrets.prepare(tmp_path), shared_secrets.prepare(tmp_path)

    assert first == again
    assert first["signing"].keys() >= {"facebook", "instagram", "x"}
    assert len({secret for secrets in first["signing"].values() for secret in secrets}) == len(
        first["signing"]
    )
    assert mode(tmp_path / "secrets.json") == 0o600


def test_a_platform_that_comes_later_gets_its_secret_and_the_others_keep_theirs(tmp_path: Path) -> None:
    private_files.write(tmp_path / "secrets.json", '{"signing": {"x": ["mine", "previous"]}}')

    document = shared_secrets.prepare(tmp_path)

    assert document["signing"]["x"] == ["mine", "previous"]
    assert document["signing"]["facebook"][0]


def test_tokens_are_signed_with_the_key_that_is_served_and_last_a_week(tmp_path: Path) -> None:
    key = identity.key(tmp_path)
    assert identity.key(tmp_path).private_numbers() == key.private_numbers()
    assert mode(tmp_path / "issuer-key.pem") == 0o600

    tokens = identity.tokens(key, ["human_resources"])

    with identity.serving(key) as url:
        public = jwt.PyJWKClient(url).get_signing_key_from_jwt(tokens["human_resources"])
    claims = jwt.decode(
        tokens["human_resources"],
        public,
        ["RS256"],
        audience=identity.AUDIENCE,
        issuer=identity.ISSUER,
    )
    assert tokens.keys() == {"ops", "human_resources"}
    assert claims["roles"] == ["department:human_resources"]
    assert claims["exp"] - claims["iat"] == 7 * 24 * 60 * 60


def test_settings_have_defaults_and_are_checked() -> None:
    wanted = settings.read({})
    assert (wanted.port, wanted.engine_port, wanted.demo) == (8080, None, True)
    assert wanted.data_dir.name == ".local"
    assert settings.read({"DEMO": "0"}).demo is False

    for port in ("eighty", "0", "65536", "-1", "８０"):  # the last one int() would take
        with pytest.raises(ConfigurationError, match=f"PORT={port} is no port"):
            settings.read({"PORT": port})

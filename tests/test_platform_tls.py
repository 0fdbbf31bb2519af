"""TLS to the platforms' APIs: the certificate must be the host's, whatever address the socket leads to."""

import ssl
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.errors import Unavailable
from chalicelib.platform_api import PlatformApis, connect
from chalicelib.platforms.base import Ask
from tests.certificates import Authority
from tests.platform_server import PlatformServer, Ticking, serving
from tests.watched_sockets import WatchedSockets

ASK = Ask(("17",))


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def ask(server: PlatformServer, tls: ssl.SSLContext | None) -> Any:
    apis: PlatformApis = connect(
        {"META_API_URL": f"https://localhost:{server.port}"}, tls=tls, clock=Ticking().clock()
    )
    try:
        return apis.get("meta", ASK, "token")
    finally:
        apis.http.close()


def test_a_certificate_is_checked_for_the_name_though_the_socket_leads_to_an_address(
    sockets: WatchedSockets, authority: Authority
) -> None:
    with serving(tls=authority.serving("localhost")) as server:
        assert ask(server, authority.trusting()) == {}
        assert sockets.connected == [("127.0.0.1", server.port)]
        assert server.received[0].headers["Host"] == f"localhost:{server.port}"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "graph.facebook.com"},
        {"name": "127.0.0.1"},
        {"name": "localhost.evil.example"},
        {"name": "localhost", "self_signed": True},
        {"name": "localhost", "ends": timedelta(days=-1)},
        {"name": "localhost", "ends": timedelta(days=5)},
    ],
    ids=str,
)
def test_a_wrong_certificate_learns_nothing(authority: Authority, wrong: dict[str, Any]) -> None:
    with serving(tls=authority.serving(**wrong)) as server:
        with pytest.raises(Unavailable, match="meta cannot be reached: ConnectError"):
            ask(server, authority.trusting())
        assert server.received == []
        assert server.connections


def test_a_foreign_authority_is_not_trusted_whatever_the_environment_says(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    with serving(tls=authority.serving("localhost")) as server:
        with pytest.raises(Unavailable, match="ConnectError"):
            ask(server, None)
        assert server.received == []


def test_a_server_without_tls_is_no_https(authority: Authority) -> None:
    with serving() as server:
        with pytest.raises(Unavailable):
            ask(server, authority.trusting())
        assert all("v26.0" not in one.line for one in server.received)

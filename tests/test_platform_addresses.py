"""No socket leads anywhere but to the platforms: proved by watching the sockets, not by trusting the code."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from chalicelib.errors import ApiRefused, ConfigurationError, PayloadError, Unavailable
from chalicelib.platform_api import PlatformApis, connect
from chalicelib.platform_api.addresses import APIS
from chalicelib.platforms import restli
from chalicelib.platforms.base import Ask, Escaped
from tests.platform_server import Ticking, answer, serving
from tests.watched_sockets import WatchedSockets

ASK = Ask(("17",))
HOST = "graph.facebook.com"
PUBLIC, PUBLIC_6 = "157.240.20.19", "2a03:2880:f177:81:face:b00c:0:25de"


@pytest.fixture
def apis(sockets: WatchedSockets) -> Iterator[PlatformApis]:
    """Give the client as it is on AWS."""
    connected = connect(clock=Ticking().clock())
    yield connected
    connected.http.close()


# ── forms of addresses ────────────────────────────────────────────────────────────────────────────────────

FORMS = [
    # another host, or one that only looks like ours
    "https://evil.example/v26.0/17",
    "https://graph.facebook.com.evil.example/",
    "https://graph.facebook.com./v26.0/17",
    "https://facebook.com/",
    "https://www.graph.facebook.com/",
    "https://graph-facebook.com/",
    "https://gr\u0430ph.facebook.com/",  # a Cyrillic а
    "https://xn--grph-5ve.facebook.com/",
    "https://graph\u3002evil.example/",  # an ideographic full stop
    "https://graph.facebook.com\u2044.evil.example/",
    "https://graph.facebook.com%2eevil.example/",
    "https://graph.facebook.com%00.evil.example/",
    # somebody else's name before or after ours
    "https://graph.facebook.com@evil.example/",
    "https://graph.facebook.com:443@evil.example/",
    "https://user:password@graph.facebook.com/",
    "https://user@graph.facebook.com/",
    "https://evil.example\\@graph.facebook.com/",
    "https://graph.facebook.com\\@evil.example/",
    "https:\\\\evil.example\\",
    "https://evil.example#@graph.facebook.com/",
    "https://evil.example?@graph.facebook.com/",
    # this machine and its network, in every spelling
    "https://127.0.0.1/",
    "https://localhost/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0x0.0x0.0x1/",
    "https://0177.0.0.1/",
    "https://017700000001/",
    "https://0/",
    "https://0.0.0.0/",
    "https://10.0.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://[::1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[0:0:0:0:0:ffff:169.254.169.254]/",
    "https://[64:ff9b::a00:1]/",
    "https://[2002:7f00:1::]/",
    "https://[fd00:ec2::254]/",
    "https://[fe80::1%25eth0]/",
    "https://\u2460\u2461\u2466.0.0.1/",  # digits in circles
    # other ports and schemes
    "https://graph.facebook.com:8443/",
    "https://graph.facebook.com:80/",
    "https://graph.facebook.com:0/",
    "https://graph.facebook.com:22/",
    "http://graph.facebook.com/",
    "http://graph.facebook.com:443/",
    "ftp://graph.facebook.com/",
    "file:///etc/passwd",
    "gopher://graph.facebook.com:443/",
    "ws://graph.facebook.com/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "https:evil.example/",
    "https:///evil.example/",
    "javascript:alert(1)",
    "data:text/plain,1",
]


def test_there_are_enough_forms() -> None:
    assert len(set(FORMS)) >= 40


@pytest.mark.parametrize("form", FORMS)
def test_a_request_to_any_other_address_opens_no_socket(
    apis: PlatformApis, sockets: WatchedSockets, form: str
) -> None:
    """The transport is the last guard, should an address ever come from elsewhere than `addresses.py`."""
    with pytest.raises((PayloadError, httpx.InvalidURL)):
        apis.http.get(form)
    assert (sockets.resolved, sockets.connected) == ([], [])


@pytest.mark.parametrize("form", FORMS)
def test_a_redirect_is_not_followed(sockets: WatchedSockets, form: str) -> None:
    redirect = f"HTTP/1.1 302 Found\r\nLocation: {form}\r\nContent-Length: 0\r\n\r\n".encode()
    with serving(redirect) as server:
        apis = connect({"META_API_URL": server.url}, clock=Ticking().clock())
        with pytest.raises(ApiRefused, match="meta answers 302"):
            apis.get("meta", ASK, "token")
        apis.http.close()
        assert sockets.connected == [("127.0.0.1", server.port)]
        assert [one.line for one in server.received] == ["GET /v26.0/17 HTTP/1.1"]
    assert sockets.resolved == []


ODD_IDS = [
    "../../x", "..", ".", "%2e%2e/x", "..%2f..%2fx", "..;/x", "?a=b", "#x", "a?b#c", "//evil.example", "/x",
    "\\evil.example", "@evil.example", ":8443", "x y", "x\r\nHost: evil.example", "x\x00", "ä", "{id}",
    " HTTP/1.1\r\n\r\nGET /", "(a:b)", "List(a,b)", "*", "x;y", "x&y=z", "x+y", "\u2028", "😀",
]  # fmt: skip


@pytest.mark.parametrize("odd", ODD_IDS + FORMS)
def test_an_id_stays_in_its_place(sockets: WatchedSockets, odd: str) -> None:
    with serving() as server:
        apis = connect({"META_API_URL": server.url}, clock=Ticking().clock())
        apis.get("meta", Ask(("17",), {odd: odd}))
        try:
            apis.get("meta", Ask(("17", odd, "comments"), {"fields": odd}))
        except PayloadError:
            assert odd in {".", ".."}
        apis.http.close()
        lines = [one.line for one in server.received]
        hosts = {one.headers["Host"] for one in server.received}
        assert set(sockets.connected) == {("127.0.0.1", server.port)}
    assert hosts == {f"127.0.0.1:{server.port}"}
    assert lines[0].startswith("GET /v26.0/17?")
    for line in lines[1:]:
        target = line.removeprefix("GET ").removesuffix(" HTTP/1.1")
        url = httpx.URL(f"http://127.0.0.1{target}")
        assert target.count("/") == 4
        assert target.startswith("/v26.0/17/")
        assert "/comments?fields=" in target
        assert dict(url.params) == {"fields": odd}
        assert not set(target) & set("\\\r\n\x00 #{}@;")


@pytest.mark.parametrize(
    "smuggled", ["a/b", "a?b", "a#b", "a b", "a&b", "a\\b", "a\r\nb", "ä", "", "a@b", "a=b"]
)
def test_what_claims_to_be_escaped_must_be(
    apis: PlatformApis, sockets: WatchedSockets, smuggled: str
) -> None:
    for ask in (Ask(("rest", Escaped(smuggled))), Ask(("rest",), {"q": Escaped(smuggled)})):
        with pytest.raises(PayloadError):
            apis.get("linkedin", ask)
    assert (sockets.resolved, sockets.connected) == ([], [])


def test_a_value_of_rest_li_cannot_leave_its_brackets() -> None:
    assert restli.escaped({"a": "1),b:2", "c": ["x,y", "(z)"]}) == "(a:1%29%2Cb%3A2,c:List(x%2Cy,%28z%29))"


# ── stand-ins ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "form",
    [
        form
        for form in FORMS
        if form not in {"https://127.0.0.1/", "https://localhost/", "https://[::1]/"}
        # A stand-in may be any host with a name, on any port; whether its addresses are public shows later.
        and not form.startswith(
            (
                "https://evil.example/",
                "https://graph.facebook.com.evil.example/",
                "https://facebook.com/",
                "https://www.graph.facebook.com/",
                "https://graph-facebook.com/",
                "https://xn--grph-5ve.facebook.com/",
                "https://graph.facebook.com:8443/",
                "https://graph.facebook.com:80/",
                "https://graph.facebook.com:22/",
            )
        )
    ]
    + ["http://10.0.0.1:8080", "http://evil.example", "https://localhost:0", "https://localhost:99999999",
       "http://127.0.0.1:80/../x", "http://127.0.0.1:80/x?y", "http://127.0.0.1:80//x", "HTTP://127.0.0.1",
       "x", "",
       "http://127.0.0.1:80\n", " http://127.0.0.1:80", "http://127.0.0.2:80", "https://localhost:65536"],
)  # fmt: skip
def test_a_stand_in_is_an_address_without_tricks(sockets: WatchedSockets, form: str) -> None:
    with pytest.raises(ConfigurationError, match="X_API_URL must be an https address"):
        connect({"X_API_URL": form})
    assert (sockets.resolved, sockets.connected) == ([], [])


def test_a_stand_in_replaces_its_own_host_alone(sockets: WatchedSockets) -> None:
    with serving() as server:
        apis = connect({"X_API_URL": f"{server.url}/other"}, clock=Ticking().clock())
        apis.get("x", ASK)
        assert server.received[0].line == "GET /other/17 HTTP/1.1"
        with pytest.raises(PayloadError):
            apis.http.get("https://api.x.com/2/17")
        with pytest.raises(PayloadError):
            apis.http.get(f"http://127.0.0.1:{server.port + 1}/")
        with pytest.raises(PayloadError):
            apis.http.get(f"http://localhost:{server.port}/")
        assert set(sockets.connected) == {("127.0.0.1", server.port)}
        with pytest.raises(Unavailable):
            apis.get("meta", ASK)
        apis.http.close()
    assert set(sockets.resolved) == {HOST}


def test_a_stand_in_on_this_machine_is_on_this_machine(sockets: WatchedSockets) -> None:
    sockets.answers["localhost"] = [["127.0.0.1", "10.0.0.1"]]
    apis = connect({"META_API_URL": "http://localhost:80"}, clock=Ticking().clock())

    with pytest.raises(Unavailable, match=r"leads to 10\.0\.0\.1"):
        apis.get("meta", ASK)
    assert sockets.connected == []


# ── answers of the DNS ────────────────────────────────────────────────────────────────────────────────────

NOT_PUBLIC = [
    "0.0.0.0",  # noqa: S104
    "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "127.0.0.1", "127.255.255.254",
    "169.254.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.168.0.1",
    "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
    "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:157.240.20.19",
    "64:ff9b::a00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:a00:1::", "2002:7f00:1::",
    "fc00::1",
    "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "5f00::1", "4000::1",
]  # fmt: skip


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_a_name_that_leads_to_no_public_address_is_not_connected_to(
    apis: PlatformApis, sockets: WatchedSockets, address: str
) -> None:
    for addresses in ([address], [PUBLIC, address], [address, PUBLIC_6], [PUBLIC, PUBLIC_6, address]):
        sockets.answers[HOST] = [addresses]
        with pytest.raises(Unavailable, match="which is no address of a platform"):
            apis.get("meta", ASK, "token")
    assert sockets.connected == []


@pytest.mark.parametrize("address", [PUBLIC, PUBLIC_6, "1.1.1.1", "2606:4700::1111"])
def test_a_public_address_is_connected_to_as_it_was_checked(
    apis: PlatformApis, sockets: WatchedSockets, address: str
) -> None:
    sockets.answers[HOST] = [[address]]

    with pytest.raises(Unavailable, match="ConnectError"):
        apis.get("meta", ASK, "token")
    assert sockets.connected == [(address, 443)] * 3
    assert sockets.resolved == [HOST] * 3


@pytest.mark.parametrize("name", APIS)
def test_each_api_has_a_host_of_its_own(apis: PlatformApis, sockets: WatchedSockets, name: str) -> None:
    host = APIS[name].origin.host
    sockets.answers[host] = [[PUBLIC]]

    with pytest.raises(Unavailable):
        apis.get(name, ASK, "token")
    assert set(sockets.resolved) == {host}


def test_a_second_answer_of_the_dns_changes_nothing(apis: PlatformApis, sockets: WatchedSockets) -> None:
    """The first is for the check; whoever asked again to connect would end on this machine."""
    sockets.answers[HOST] = [[PUBLIC], ["127.0.0.1"]]

    with pytest.raises(Unavailable, match=r"leads to 127\.0\.0\.1"):
        apis.get("meta", ASK, "token")
    assert sockets.connected == [(PUBLIC, 443)]
    assert sockets.resolved == [HOST] * 3


def test_the_next_address_is_tried_when_one_refuses(apis: PlatformApis, sockets: WatchedSockets) -> None:
    sockets.answers[HOST] = [[PUBLIC_6, PUBLIC, PUBLIC]]

    with pytest.raises(Unavailable), apis.within(0.3):
        apis.get("meta", ASK, "token")
    assert sockets.connected[:2] == [(PUBLIC_6, 443), (PUBLIC, 443)]


@pytest.mark.parametrize(
    "failure", [socket.gaierror(-2, "none"), UnicodeError("label too long"), OSError("x")]
)
def test_a_name_that_cannot_be_resolved_is_unavailable(
    apis: PlatformApis, sockets: WatchedSockets, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr(socket, "getaddrinfo", fail)

    with pytest.raises(Unavailable, match="cannot be reached: ConnectError"):
        apis.get("meta", ASK, "token")
    assert sockets.connected == []


def test_a_name_without_addresses_is_unavailable(apis: PlatformApis, sockets: WatchedSockets) -> None:
    sockets.answers[HOST] = [[]]

    with pytest.raises(Unavailable, match="ConnectError"):
        apis.get("meta", ASK, "token")


def test_a_dns_that_does_not_answer_is_given_up(
    apis: PlatformApis, sockets: WatchedSockets, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answered.wait() and [])

    with apis.within(0.05), pytest.raises(Unavailable, match="ConnectTimeout"):
        apis.get("meta", ASK, "token")
    answered.set()


# ── what the environment says ─────────────────────────────────────────────────────────────────────────────


def test_neither_proxies_nor_netrc_of_the_environment_count(
    sockets: WatchedSockets, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("default login us password secret")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with serving() as server, serving(answer(500)) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        apis = connect({"META_API_URL": server.url}, clock=Ticking().clock())
        apis.get("meta", ASK)
        with pytest.raises(Unavailable):
            apis.get("x", ASK)
        apis.http.close()
        assert set(sockets.connected) == {("127.0.0.1", server.port)}
        assert "Authorization" not in server.received[0].headers
        assert proxy.connections == 0

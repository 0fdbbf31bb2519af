"""Watches every socket of this process: what is resolved, and what is connected to; and plays the DNS."""

import socket
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any, Self

import pytest

REAL_CONNECT = socket.socket.connect


@dataclass
class WatchedSockets:
    """answers: by host, the addresses of each further answer, the last one again and again."""

    answers: dict[str, list[list[str]]] = field(default_factory=dict)
    resolved: list[str] = field(default_factory=list)
    connected: list[tuple[str, int]] = field(default_factory=list)

    def resolve(self, host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        if _is_address(host):
            return [_entry(host, port)]
        self.resolved.append(host)
        known = self.answers.get(host)
        if known is None:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return [_entry(address, port) for address in (known.pop(0) if len(known) > 1 else known[0])]

    def connect(self, opened: socket.socket, address: Any) -> None:
        """Connect to loopback; whatever lies beyond refuses."""
        self.connected.append((address[0], address[1]))
        if not ip_address(address[0]).is_loopback:
            raise ConnectionRefusedError
        REAL_CONNECT(opened, address)

    def installed(self, monkeypatch: pytest.MonkeyPatch) -> Self:
        def connect(opened: socket.socket, address: Any) -> None:
            self.connect(opened, address)

        monkeypatch.setattr(socket, "getaddrinfo", self.resolve)
        monkeypatch.setattr(socket.socket, "connect", connect)
        return self


def _is_address(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def _entry(address: str, port: int) -> Any:
    six = ":" in address
    where = (address, port, 0, 0) if six else (address, port)
    return (socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_STREAM, 6, "", where)

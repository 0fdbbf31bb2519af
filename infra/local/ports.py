"""Ports on loopback: the one asked for, or any that is free."""

import socket

from infra.errors import PortTaken


def claim(port: int | None, setting: str) -> int:
    """Return a port that is free now.

    Args:
        port: the one asked for, None for any.
        setting: the name of the setting that asked for it, for the error.

    Raises:
        PortTaken: somebody listens there already.

    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port or 0))
        except OSError as error:
            raise PortTaken(
                f"port {port} is not free ({error.strerror}): stop what listens there, or set {setting}"
            ) from error
        taken: int = probe.getsockname()[1]
        return taken

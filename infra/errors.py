"""What can go wrong around the product; each message names the remedy."""

from chalicelib.errors import ZustaendigError


class InfraError(ZustaendigError):
    """Base of all errors of `infra`; commands print it and exit."""


class PortTaken(InfraError):  # noqa: N818  (it reads as what happened)
    """Somebody else listens on the port we were told to use."""


class DataDirTaken(InfraError):  # noqa: N818
    """Something runs from this DATA_DIR already."""


class EngineFailed(InfraError):  # noqa: N818
    """The engine did not start, or died."""


class NotRunning(InfraError):  # noqa: N818
    """There is no run.json: nothing runs from this DATA_DIR."""


class DeployFailed(InfraError):  # noqa: N818
    """CloudFormation could not create or update the stack."""


class CommandFailed(InfraError):  # noqa: N818
    """A program that we ran said no."""


class DemoFailed(InfraError):  # noqa: N818
    """The demonstration did not go as it should."""


class Unreadable(InfraError):  # noqa: N818
    """What should be explained is no delivery."""

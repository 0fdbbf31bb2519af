"""Reads the model that MODEL names, as `make train` has written it."""

from pathlib import Path

from chalicelib.classifier import Classifier
from chalicelib.errors import ConfigurationError


def read(file: str) -> bytes:
    """Read a file of a model.

    Raises:
        ConfigurationError: there is no such file.

    """
    try:
        return Path(file).read_bytes()
    except OSError as error:
        wrong = f"MODEL={file!r}: {error.strerror}" if file else "MODEL is missing"
        raise ConfigurationError(f"{wrong}; name the file of a model, as `make train` writes it") from error


def checked(file: str) -> bytes:
    """Read a model that can be used.

    Raises:
        ConfigurationError: there is no such file, or it is no model.

    """
    model = read(file)
    try:
        Classifier(model)
    except ConfigurationError as error:
        raise ConfigurationError(f"MODEL={file!r}: {error}") from error
    return model

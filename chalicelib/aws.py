"""AWS clients, and AWS's errors in our words. No import of boto3: the accept path must start quickly."""

from functools import cache
from threading import Lock
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session, get_session

from chalicelib.errors import ConditionFailed, Rejected, Unavailable

# One try of about a second: whoever waits for us gets a 503 within three, and the platform tries again.
IMPATIENT = Config(connect_timeout=1, read_timeout=1, retries={"total_max_attempts": 1})
# Reading a parameter on the same way: both together still end within three seconds.
HASTY = Config(connect_timeout=0.4, read_timeout=0.5, retries={"total_max_attempts": 1})
# Nobody waits for a model, and no try is repeated: a slow answer is none.
ONCE = Config(connect_timeout=0.5, read_timeout=3, retries={"total_max_attempts": 1})
# Retries in one layer only: here, not in the code that calls.
PATIENT = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3})

# Codes that the same call will meet again; everything else may be over the next time.
FINAL = frozenset(
    {
        "ValidationException",  # DynamoDB: item too large, bad value
        "InvalidMessageContents",
        "InvalidParameterValue",  # SQS: message too long
        "SerializationException",
    }
)

_creating = Lock()  # botocore sessions are not thread-safe while they create clients


@cache
def _session() -> Session:
    return get_session()


def client(service: str, config: Config = PATIENT, endpoint_url: str | None = None) -> Any:
    """Create a client; region, credentials and, unless it is given, endpoint come from the environment."""
    with _creating:
        return _session().create_client(service, config=config, endpoint_url=endpoint_url)


class errors:  # noqa: N801  (read as `with aws.errors():`)
    """Tell AWS's errors in ours. A class, since a generator would cost the accept path more.

    Raises:
        ConditionFailed: the condition of a write did not hold.
        Rejected: AWS will never do this.
        Unavailable: it may the next time.

    """

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        if isinstance(error, ClientError):
            code = error.response["Error"]["Code"].rpartition(".")[2]
            # What AWS says of an item may quote it; of all else it tells what is missing.
            why = "" if code in FINAL else f" ({error.response['Error'].get('Message', '')})"
            raise _fate(code)(f"{error.operation_name}: {code}{why}") from None
        if isinstance(error, BotoCoreError):
            raise Unavailable(type(error).__name__) from None


def _fate(code: str) -> type[Exception]:
    if code == "ConditionalCheckFailedException":
        return ConditionFailed
    return Rejected if code in FINAL else Unavailable

"""The end of every start: run.json, the demonstration, and staying up until told to stop."""

import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection
from urllib.parse import urlsplit

from infra import names, run_file
from infra.errors import EngineFailed
from infra.local import demo
from infra.local.clients import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY
from infra.local.console import Say
from infra.local.engine import Engine
from infra.local.provision import queue_url
from infra.local.settings import Settings
from infra.local.shared_secrets import Document
from infra.run_file import Run

ANSWER_WITHIN = 60.0  # seconds


def description(  # noqa: PLR0913
    api: str,
    engine: Engine,
    secrets: Document,
    tokens: Mapping[str, str],
    department_ids: Sequence[str],
    *,
    variables: Mapping[str, str],
) -> Run:
    """Write what run.json tells."""

    def url(name: str) -> str:
        return queue_url(engine, f"{names.STACK}-{name}")

    intakes = {name: name for name in names.INTAKES}
    queues = {id_: names.department(id_) for id_ in department_ids} | {names.OPS: names.OPS}
    return Run(
        api=api,
        engine=engine.url,
        aws={
            "region": REGION,
            "access_key_id": ACCESS_KEY_ID,
            "secret_access_key": SECRET_ACCESS_KEY,
        },
        tokens=dict(tokens),
        secrets={platform: signing[0] for platform, signing in secrets["signing"].items()},
        verify_tokens=dict(secrets["verify_tokens"]),
        queues={id_: url(name) for id_, name in queues.items()},
        intake=url(names.INTAKE),
        brief_intake=url(names.BRIEF_INTAKE),
        dlqs={id_: url(names.dlq(name)) for id_, name in {**intakes, **queues}.items()},
        table=f"{names.STACK}-{names.TABLE}",
        environment=dict(variables),
    )


def stay(run: Run, engine: Engine, settings: Settings, say: Say) -> None:
    """Announce the run and stay until somebody stops us.

    Raises:
        EngineFailed: the engine died.
        DemoFailed: the demonstration did not go as it should.

    """
    _wait_until_it_answers(run["api"], engine)
    with run_file.present(settings.data_dir, run):
        if settings.demo:
            demo.show(run, lambda: _in_intakes(engine, run["intake"], run["brief_intake"]), say)
        say(f"\nZuständig answers at {run['api']}; tokens and secrets: {settings.data_dir / run_file.FILE}")
        say("Ctrl-C stops it.")
        while True:
            engine.check()
            time.sleep(0.5)


def _in_intakes(engine: Engine, *urls: str) -> int:
    counts = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    sqs = engine.client("sqs")
    answers = [sqs.get_queue_attributes(QueueUrl=url, AttributeNames=counts) for url in urls]
    return sum(int(number) for answer in answers for number in answer["Attributes"].values())


def _wait_until_it_answers(api: str, engine: Engine) -> None:
    address, deadline = urlsplit(f"{api}/health"), time.monotonic() + ANSWER_WITHIN
    while time.monotonic() < deadline:
        engine.check()
        with closing(HTTPConnection(address.netloc, timeout=ANSWER_WITHIN)) as connection:
            connection.request("GET", address.path)
            if connection.getresponse().status == HTTPStatus.OK:
                return
        time.sleep(0.2)
    raise EngineFailed(f"{api}/health does not answer; see the log")

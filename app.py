"""Zuständig's table of contents: every way in, each a few lines; what happens behind is in `chalicelib`.

platform ── POST /webhooks/{platform} ──▶ workflow.accept ──▶ intake
intake ─────────────────────────────────▶ workflow.Worker ──▶ ticket, department queue
people ──── /tickets, /quarantine ──────▶ api.Api
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from chalice.app import Chalice, CloudWatchEvent, Rate, Response, SQSEvent

from chalicelib import observability, problems, wiring, workflow
from chalicelib.errors import BadRequest, ZustaendigError, told
from chalicelib.platforms import CONTENT_TYPES, named
from chalicelib.platforms.base import Answer, Keys, Request

if TYPE_CHECKING:
    from pydantic import BaseModel

    from chalicelib.identity import Caller

app = Chalice(app_name="zustaendig", configure_logs=False)  # Powertools logs
# No platform sends or wants binaries. JSON above all must not count as one: Chalice would then ask for an
# `Accept` header, which platforms do not send.
app.api.binary_types = []

JSON = "application/json"
NO_BODY_READ = ["*/*"]
EMPTY: Mapping[str, str] = {}


# ── how every request is answered ─────────────────────────────────────────────────────────────────────────


def answering(view: Callable[..., Response]) -> Callable[..., Response]:
    """Answer our errors as problem details, and log those that are our own fault."""

    @wraps(view)
    def answer(**arguments: str) -> Response:
        try:
            return view(**arguments)
        except ZustaendigError as error:
            status, detail = problems.of(error)
            observability.count("RequestsRefused", status=str(int(status)), error=type(error).__name__)
            if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                observability.failure(f"{view.__name__} failed", error)
            return _problem(status, detail, problems.HEADERS.get(status, {}))
        except Exception as error:  # noqa: BLE001  (Chalice would log its text, which may quote a message)
            observability.failure(f"{view.__name__} failed", error)
            return _problem(HTTPStatus.INTERNAL_SERVER_ERROR, problems.OURS, {})

    return answer


@app.middleware("http")
def in_problem_details(event: Any, get_response: Callable[[Any], Response]) -> Response:
    """Give Chalice's own refusals (405, 415, 500) the same shape as ours."""
    response = get_response(event)
    if response.status_code < HTTPStatus.BAD_REQUEST or not isinstance(response.body, dict):
        return response
    ours = response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
    detail = problems.OURS if ours else str(response.body["Message"])
    allow = {"Allow": str(response.headers["Allow"])} if "Allow" in response.headers else {}
    return _problem(response.status_code, detail, allow)


def _problem(status: int, detail: str, headers: dict[str, str]) -> Response:
    return _answer(json.dumps(problems.problem(status, detail)), problems.CONTENT_TYPE, status, headers)


def _shown(model: "BaseModel", status: int = HTTPStatus.OK) -> Response:
    return _answer(model.model_dump_json(), JSON, status)


def _answer(
    body: str, content_type: str, status: int = HTTPStatus.OK, headers: Mapping[str, str] = EMPTY
) -> Response:
    return Response(body, {"Content-Type": content_type, **headers}, int(status))


# ── platforms: open, each delivery is verified ────────────────────────────────────────────────────────────


@app.route("/webhooks/{platform}", methods=["POST"], content_types=CONTENT_TYPES)
@answering
def receive_delivery(platform: str) -> Response:
    """Accept a signed delivery."""
    workflow.accept(named(platform), _request(), wiring.secrets(), wiring.intake())
    return _answer("", "text/plain")


@app.route("/webhooks/{platform}", methods=["GET"])
@answering
def answer_handshake(platform: str) -> Response:
    """Prove to a platform that this address is ours."""
    found, request = named(platform), _request()

    def prove(keys: Keys) -> Answer:
        return found.answer_handshake(request, wiring.with_our_accounts(found.name, keys))

    answer = wiring.secrets().proved(found.name, prove)
    wiring.note_handshake(found, request)
    return _answer(answer.body, answer.content_type)


def _request() -> Request:
    request = _http()
    try:
        body = bytes(request.raw_body)
    except ValueError as error:  # a gateway's broken base64, half a surrogate pair
        raise BadRequest("the body cannot be read") from error
    return Request(request.headers, _query(), body, wiring.now())


def _http() -> Any:
    return app.current_request


def _query() -> dict[str, str]:
    query = _http().query_params
    return dict(query) if query else {}


# ── people: departments and ops, each with a bearer token ─────────────────────────────────────────────────


def _caller() -> "Caller":
    return wiring.verifier().caller(_http().headers.get("authorization"))


@app.route("/tickets", methods=["GET"])
@answering
def list_tickets() -> Response:
    """List tickets."""
    return _shown(wiring.api().list_tickets(_caller(), _query()))


@app.route("/tickets/{ticket_id}", methods=["GET"])
@answering
def show_ticket(ticket_id: str) -> Response:
    """Show a ticket with its history."""
    return _shown(wiring.api().show_ticket(_caller(), ticket_id))


@app.route("/tickets/{ticket_id}/deadline", methods=["GET"])
@answering
def explain_deadline(ticket_id: str) -> Response:
    """Tell why a ticket's deadlines are when they are."""
    return _shown(wiring.api().explain_deadline(_caller(), ticket_id))


@app.route("/tickets/{ticket_id}/acknowledge", methods=["POST"], content_types=NO_BODY_READ)
@answering
def acknowledge_ticket(ticket_id: str) -> Response:
    """Acknowledge a ticket in the caller's name."""
    return _shown(wiring.acting().act("acknowledge", _caller(), ticket_id))


@app.route("/tickets/{ticket_id}/answer", methods=["POST"], content_types=[JSON])
@answering
def answer_ticket(ticket_id: str) -> Response:
    """Note what was said to who wrote."""
    return _shown(wiring.telling().answer(_caller(), ticket_id, _request().body))


@app.route("/tickets/{ticket_id}/overrule", methods=["POST"], content_types=[JSON])
@answering
def overrule_reading(ticket_id: str) -> Response:
    """Say what a reply of ours is, whatever the guard has read."""
    return _shown(wiring.telling().overrule(_caller(), ticket_id, _request().body))


@app.route("/tickets/{ticket_id}/pause", methods=["POST"], content_types=[JSON])
@answering
def pause_ticket(ticket_id: str) -> Response:
    """Stop the clocks of a ticket while we wait for who wrote."""
    return _shown(wiring.acting().act("pause", _caller(), ticket_id, _request().body))


@app.route("/tickets/{ticket_id}/resume", methods=["POST"], content_types=NO_BODY_READ)
@answering
def resume_ticket(ticket_id: str) -> Response:
    """Let the clocks of a ticket go on."""
    return _shown(wiring.acting().act("resume", _caller(), ticket_id))


@app.route("/tickets/{ticket_id}/resolve", methods=["POST"], content_types=[JSON])
@answering
def resolve_ticket(ticket_id: str) -> Response:
    """Close a ticket."""
    return _shown(wiring.acting().act("resolve", _caller(), ticket_id, _request().body))


@app.route("/tickets/{ticket_id}/reopen", methods=["POST"], content_types=[JSON])
@answering
def reopen_ticket(ticket_id: str) -> Response:
    """Start the clocks of a ticket anew."""
    return _shown(wiring.acting().act("reopen", _caller(), ticket_id, _request().body))


@app.route("/tickets/{ticket_id}/reclassify", methods=["POST"], content_types=[JSON])
@answering
def reclassify_ticket(ticket_id: str) -> Response:
    """Say what a ticket's message really is."""
    return _shown(wiring.api().reclassify_ticket(_caller(), ticket_id, _request().body))


@app.route("/deadlines/simulate", methods=["POST"], content_types=[JSON])
@answering
def simulate_deadline() -> Response:
    """Tell what would happen to a message."""
    return _shown(wiring.api().simulate_deadline(_caller(), _request().body))


@app.route("/tickets/{ticket_id}/handover", methods=["POST"], content_types=[JSON])
@answering
def offer_ticket(ticket_id: str) -> Response:
    """Offer a ticket to another department."""
    return _shown(wiring.handovers().offer(_caller(), ticket_id, _request().body))


@app.route("/tickets/{ticket_id}/accept", methods=["POST"], content_types=NO_BODY_READ)
@answering
def accept_ticket(ticket_id: str) -> Response:
    """Accept a ticket for the department it is offered to."""
    return _shown(wiring.handovers().accept(_caller(), ticket_id))


@app.route("/tickets/{ticket_id}/return", methods=["POST"], content_types=[JSON])
@answering
def return_ticket(ticket_id: str) -> Response:
    """Return a ticket that is offered, or take the offer back."""
    return _shown(wiring.handovers().give_back(_caller(), ticket_id, _request().body))


@app.route("/tickets/{ticket_id}/inform", methods=["POST"], content_types=[JSON])
@answering
def inform_departments(ticket_id: str) -> Response:
    """Let other departments see a ticket."""
    return _shown(wiring.handovers().inform(_caller(), ticket_id, _request().body))


@app.route("/departments/{department}/handovers", methods=["GET"])
@answering
def list_handovers(department: str) -> Response:
    """List what a department passed on and got."""
    return _shown(wiring.handovers().list_handovers(_caller(), department, _query()))


@app.route("/quarantine", methods=["GET"])
@answering
def list_quarantine() -> Response:
    """List what could not be processed."""
    return _shown(wiring.api().list_quarantine(_caller(), _query()))


@app.route("/quarantine/{entry_id}/retry", methods=["POST"], content_types=NO_BODY_READ)
@answering
def retry_quarantined(entry_id: str) -> Response:
    """Send a quarantine entry through intake again."""
    return _shown(wiring.api().retry_quarantined(_caller(), entry_id), HTTPStatus.ACCEPTED)


# ── everybody ─────────────────────────────────────────────────────────────────────────────────────────────


@app.route("/openapi.json", methods=["GET"])
def describe() -> Response:
    """Describe this API in OpenAPI 3.1."""
    from chalicelib import openapi  # noqa: PLC0415  (see wiring.py)

    return _answer(openapi.document(), JSON)


@app.route("/health", methods=["GET"])
def tell_health() -> Response:
    """Tell that the door is open."""
    return _answer('{"status": "ok"}', JSON)


# ── queues and clocks ─────────────────────────────────────────────────────────────────────────────────────


@app.on_sqs_message(queue="intake", batch_size=5, name="process_intake")
def process_intake(event: SQSEvent) -> Any:
    """Process deliveries; those that are not done yet are named, so that SQS keeps only them."""
    from aws_lambda_powertools.utilities import batch  # noqa: PLC0415  (see wiring.py)

    processor = batch.BatchProcessor(batch.EventType.SQS, raise_on_entire_batch_failure=False)
    return batch.process_partial_response(event.to_dict(), _process_record, processor)


def _process_record(record: Mapping[str, Any]) -> None:
    with _failing_in_our_words("delivery not processed yet", sqs_message=record["messageId"]):
        wiring.worker().process(record["body"])


@app.schedule(Rate(5, unit=Rate.MINUTES), name="redrive_intake")
def redrive_intake(event: CloudWatchEvent) -> None:  # noqa: ARG001  (Chalice hands it over)
    """Give deliveries that ran into an outage another chance."""
    with _failing_in_our_words("redrive failed"):
        wiring.redrive().run()


@app.schedule(Rate(1, unit=Rate.HOURS), name="keep_subscriptions")
def keep_subscriptions(event: CloudWatchEvent) -> Any:
    """Keep alive what platforms need to go on sending; by hand, `detail` may ask for something else."""
    with _failing_in_our_words("subscriptions were not kept"):
        return wiring.errands().run(event.detail)


@app.schedule(Rate(5, unit=Rate.MINUTES), name="erase_expired")
def erase_expired(event: CloudWatchEvent) -> None:  # noqa: ARG001  (Chalice hands it over)
    """Erase what platforms do not let us keep any longer."""
    with _failing_in_our_words("erasure failed"):
        wiring.erasure().run()


@app.schedule(Rate(1, unit=Rate.MINUTES), name="tell_alarms")
def tell_alarms(event: CloudWatchEvent) -> None:  # noqa: ARG001  (Chalice hands it over)
    """Tell who must know that a clock has reached a level, and end pauses that are over."""
    with _failing_in_our_words("alarms were not told"):
        wiring.alarms().run()


@contextmanager
def _failing_in_our_words(what: str, **about: str) -> Iterator[None]:
    """Log a failure and pass it on in our words: the error's, which Lambda would log, may quote a message."""
    try:
        yield
    except Exception as error:  # noqa: BLE001  (whatever it is, its text goes no further)
        observability.failure(what, error, **about)
        raise (error if isinstance(error, ZustaendigError) else ZustaendigError(told(error))) from None


@app.schedule(Rate(5, unit=Rate.MINUTES), name="poll_youtube")
def poll_youtube(event: CloudWatchEvent) -> None:  # noqa: ARG001  (Chalice hands it over)
    """Fetch what people have written on YouTube, which never tells by itself."""
    with _failing_in_our_words("YouTube was not polled"):
        wiring.youtube_poller().run()


wiring.warm_up()

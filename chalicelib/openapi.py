"""The API's description in OpenAPI 3.1, made from the pydantic models."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from chalicelib import (
    deadline_view,
    events,
    handover_descriptions,
    handover_events,
    handover_views,
    problems,
    simulations,
    views,
)
from chalicelib.answer_verbs import Answer, Overruling
from chalicelib.api import PageQuery, TicketQuery
from chalicelib.handovers import HandoverQuery, Informing, Offer
from chalicelib.platforms import CONTENT_TYPES, PLATFORMS
from chalicelib.reclassify import Reclassification
from chalicelib.verb_descriptions import CHANGES
from chalicelib.verbs import VERBS, Reasoned

VERSION = "0.1.0"
REF = "#/components/schemas/{model}"

BODY_OF: dict[str, type[BaseModel] | None] = {
    "answer": Answer,
    "overrule": Overruling,
    **{name: verb.body for name, verb in VERBS.items()},
}
"""By verb: what it asks for."""

BODIES: tuple[type[BaseModel], ...] = (
    Reclassification,
    simulations.Simulation,
    *dict.fromkeys(body for body in BODY_OF.values() if body),
    Offer,
    Informing,
)

EVENTS: dict[str, type[events.Event]] = events.EVENTS | handover_events.EVENTS
"""By the name of the schema that is published in `docs/schemas`."""

MODELS: tuple[type[BaseModel], ...] = (
    views.TicketPage,
    views.TicketWithHistory,
    deadline_view.DeadlineExplained,
    simulations.SimulatedDeadline,
    handover_views.HandoverPage,
    views.QuarantinePage,
    views.QuarantineEntry,
    views.Problem,
    *EVENTS.values(),
)

ORDER = (
    "`status=overdue` and `due_soon`: oldest deadline first; everything else: newest first. `open` includes"
    " what is overdue. `due_soon`: not overdue, and near enough to be warned of. Pages may be short, even"
    " empty: go on as long as `next` is not null. A department sees its own tickets."
)

RECLASSIFY = (
    "Repeated, it changes nothing. Without `move` the owner stays, and `proposed_department` tells whose it"
    " would be. With `move` the new owner is told; no deadline is later for it. 409: the message was deleted."
)

DEADLINE = (
    "For each clock: what granted its time, every window that counts and what does not, and what stopped it;"
    " in data, and in German and English. It always adds up to the deadline that is stored; where it no"
    " longer can, since a calendar was changed, `explained` is false."
)

Json = dict[str, Any]


@cache
def document() -> str:
    """Write the document; the same for everybody."""
    _, schemas = models_json_schema(
        [*((model, "serialization") for model in MODELS), *((body, "validation") for body in BODIES)],
        ref_template=REF,
    )
    return json.dumps(
        {
            "openapi": "3.1.0",
            "info": {
                "title": "Zuständig",
                "version": VERSION,
                "summary": "Who owns what people say to a company, and until when it must be acknowledged.",
                "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            },
            "servers": [{"url": "/"}],
            "paths": _paths(),
            "webhooks": {model.__name__: {"post": _queued(model)} for model in EVENTS.values()},
            "components": {
                "schemas": schemas["$defs"],
                "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
            },
        }
    )


def event_schemas() -> dict[str, str]:
    """Write the JSON Schemas of what a department's queue holds, as they are published in `docs/schemas`."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {
        name: json.dumps(schema | model.model_json_schema(mode="serialization"), indent=2) + "\n"
        for name, model in EVENTS.items()
    }


@dataclass(frozen=True, slots=True)
class Operation:
    """One verb of the ticket API, as it is described; `refusals` beside those that all share."""

    path: str
    method: str
    id: str
    summary: str
    model: type[BaseModel]
    parameters: list[Json]
    refusals: tuple[int, ...]
    ok: int = 200
    description: str = ""
    body: type[BaseModel] | None = None


def _operations() -> tuple[Operation, ...]:
    one, two = views.TicketWithHistory, views.QuarantineEntry
    tickets, ticket, entry = "/tickets", _in_path("ticket_id"), _in_path("entry_id")
    lists = _query(TicketQuery), (400,)
    return (
        Operation(tickets, "get", "listTickets", "List tickets", views.TicketPage, *lists, description=ORDER),
        Operation("/tickets/{ticket_id}", "get", "showTicket", "Show a ticket", one, [ticket], (404,)),
        Operation(
            "/tickets/{ticket_id}/deadline",
            "get",
            "explainDeadline",
            "Tell why a ticket's deadlines are when they are",
            deadline_view.DeadlineExplained,
            [ticket],
            (404,),
            description=DEADLINE,
        ),
        *(_change(name) for name in BODY_OF),
        Operation(
            "/tickets/{ticket_id}/reclassify",
            "post",
            "reclassifyTicket",
            "Say what a ticket's message really is, and have it moved if need be",
            one,
            [ticket],
            (400, 404, 409, 413, 415),
            description=RECLASSIFY,
            body=Reclassification,
        ),
        *_passing_on(ticket),
        Operation(
            "/deadlines/simulate",
            "post",
            "simulateDeadline",
            "Tell what would happen to a message, by a calendar that need not be live yet",
            simulations.SimulatedDeadline,
            [],
            (400, 403, 413, 415),
            description="Owner, clocks, alarms and why; nothing is kept. For ops and departments.",
            body=simulations.Simulation,
        ),
        Operation(
            "/quarantine",
            "get",
            "listQuarantine",
            "List what could not be processed, newest first; for ops",
            views.QuarantinePage,
            _query(PageQuery),
            (400, 403),
        ),
        Operation(
            "/quarantine/{entry_id}/retry",
            "post",
            "retryQuarantined",
            "Send an entry through intake again; for ops",
            two,
            [entry],
            (403, 404, 409),
            ok=202,
            description="409: what it held is erased, since its platform limits how long we may keep it.",
        ),
    )


def _change(name: str) -> Operation:
    """Describe a verb by which people change a ticket."""
    body, (summary, description) = BODY_OF[name], CHANGES[name]
    return Operation(
        f"/tickets/{{ticket_id}}/{name}",
        "post",
        f"{name}Ticket",
        summary,
        views.TicketWithHistory,
        [_in_path("ticket_id")],
        (400, 404, 409, 413, 415) if body else (404, 409),
        description=description,
        body=body,
    )


def _passing_on(ticket: Json) -> Iterator[Operation]:
    """Describe the verbs by which people pass tickets on, and the ledger."""
    bodies: dict[str, type[BaseModel]] = {"handover": Offer, "return": Reasoned, "inform": Informing}
    for verb, (id_, summary, description) in handover_descriptions.VERBS.items():
        body = bodies.get(verb)
        yield Operation(
            f"/tickets/{{ticket_id}}/{verb}",
            "post",
            id_,
            summary,
            views.TicketWithHistory,
            [ticket],
            (400, 403, 404, 409, 413, 415) if body else (403, 404, 409),
            description=description,
            body=body,
        )
    yield Operation(
        "/departments/{department}/handovers",
        "get",
        "listHandovers",
        handover_descriptions.LIST,
        handover_views.HandoverPage,
        [_in_path("department"), *_query(HandoverQuery)],
        (400, 404),
        description=handover_descriptions.LEDGER,
    )


def _paths() -> Json:
    paths: Json = {}
    for operation in _operations():
        paths.setdefault(operation.path, {})[operation.method] = _guarded(operation)
    platform = _platform()
    return paths | {
        "/webhooks/{platform}": {"get": _handshake(platform), "post": _delivery(platform)},
        "/openapi.json": {"get": _open("describe", "This document")},
        "/health": {"get": _open("tellHealth", "Tell that the door is open")},
    }


def _guarded(operation: Operation) -> Json:
    described = {"description": operation.description} if operation.description else {}
    return {
        "operationId": operation.id,
        "summary": operation.summary,
        **described,
        "security": [{"bearer": []}],
        "parameters": operation.parameters,
        **({"requestBody": {"required": True, **_sent(operation.body)}} if operation.body else {}),
        "responses": {
            str(operation.ok): _answer(operation.summary, operation.model),
            **_refusals(401, 503, *operation.refusals),
        },
    }


def _open(name: str, summary: str) -> Json:
    any_json = {"application/json": {"schema": {"type": "object"}}}
    ok = {"description": summary, "content": any_json}
    return {"operationId": name, "summary": summary, "responses": {"200": ok}}


def _handshake(platform: Json) -> Json:
    names = ("hub.mode", "hub.challenge", "hub.verify_token", "crc_token")
    query = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in names]
    ok = {
        "description": "What the platform wants to see.",
        "content": {"text/plain": {}, "application/json": {}},
    }
    return {
        "operationId": "answerHandshake",
        "summary": "Prove to a platform that this address is ours",
        "parameters": [platform, *query],
        "responses": {"200": ok, **_refusals(400, 403, 404, 503)},
    }


def _delivery(platform: Json) -> Json:
    return {
        "operationId": "receiveDelivery",
        "summary": "Accept a signed delivery",
        "parameters": [platform],
        "requestBody": {"required": True, "content": {content_type: {} for content_type in CONTENT_TYPES}},
        "responses": {
            "200": {"description": "Accepted: it is ours now."},
            **_refusals(400, 403, 404, 413, 415, 503),
        },
    }


def _queued(model: type[BaseModel]) -> Json:
    return {
        "operationId": model.__name__[0].lower() + model.__name__[1:],
        "summary": "What a department finds in its SQS queue (not sent by HTTP)",
        "requestBody": _answer("A CloudEvent", model),
        "responses": {"200": {"description": "Delete the message from the queue once it is read."}},
    }


def _answer(description: str, model: type[BaseModel]) -> Json:
    schema = {"$ref": REF.format(model=model.__name__)}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _sent(model: type[BaseModel]) -> Json:
    return {"content": {"application/json": {"schema": {"$ref": REF.format(model=model.__name__)}}}}


def _refusals(*statuses: int) -> Json:
    schema = {"$ref": REF.format(model="Problem")}
    return {
        str(status): {
            "description": str(problems.problem(status, "")["title"]),
            "content": {problems.CONTENT_TYPE: {"schema": schema}},
        }
        for status in sorted(set(statuses))
    }


def _in_path(name: str) -> Json:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": "^[a-z0-9_]{1,40}$"},
    }


def _platform() -> Json:
    return {"name": "platform", "in": "path", "required": True, "schema": {"enum": list(PLATFORMS)}}


def _query(model: type[BaseModel]) -> list[Json]:
    properties = model.model_json_schema(ref_template=REF)["properties"]
    return [{"name": name, "in": "query", "schema": _given(schema)} for name, schema in properties.items()]


def _given(schema: Json) -> Json:
    """Describe a parameter that is given: in an address there is no null."""
    kinds = [kind for kind in schema.pop("anyOf", []) if kind != {"type": "null"}]
    kept = {key: value for key, value in schema.items() if (key, value) != ("default", None)}
    return {**kept, **kinds[0]} if kinds else kept

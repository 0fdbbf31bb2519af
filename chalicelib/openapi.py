"""The API's description in OpenAPI 3.1, made from the pydantic models."""

import json
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from chalicelib import problems, views
from chalicelib.api import PageQuery, TicketQuery
from chalicelib.platforms import CONTENT_TYPES, PLATFORMS

VERSION = "0.1.0"
REF = "#/components/schemas/{model}"

MODELS = (
    views.TicketPage,
    views.SingleTicketView,
    views.QuarantinePage,
    views.QuarantineEntryView,
    views.Problem,
    views.TicketOpened,
)

Json = dict[str, Any]


@cache
def document() -> str:
    """Write the document; the same for everybody."""
    _, schemas = models_json_schema([(model, "serialization") for model in MODELS], ref_template=REF)
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
            "webhooks": {"ticketOpened": {"post": _ticket_opened()}},
            "components": {
                "schemas": schemas["$defs"],
                "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
            },
        }
    )


def event_schema() -> str:
    """Write the JSON Schema of what a department's queue holds, as it is published in `docs/schemas`."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(schema | views.TicketOpened.model_json_schema(mode="serialization"), indent=2)


def _paths() -> Json:
    ticket, entry, platform = _in_path("ticket_id"), _in_path("entry_id"), _platform()
    return {
        "/tickets": {"get": _guarded("listTickets", "List tickets", views.TicketPage, _query(TicketQuery))},
        "/tickets/{ticket_id}": {
            "get": _guarded("showTicket", "Show a ticket with its history", views.SingleTicketView, [ticket])
        },
        "/tickets/{ticket_id}/acknowledge": {
            "post": _guarded(
                "acknowledgeTicket",
                "Acknowledge a ticket in the caller's name; repeating it changes nothing",
                views.SingleTicketView,
                [ticket],
                409,
            )
        },
        "/quarantine": {
            "get": _guarded(
                "listQuarantine", "List what could not be processed", views.QuarantinePage, _query(PageQuery)
            )
        },
        "/quarantine/{entry_id}/retry": {
            "post": _guarded(
                "retryQuarantined",
                "Send an entry through intake again",
                views.QuarantineEntryView,
                [entry],
                ok=202,
            )
        },
        "/webhooks/{platform}": {"get": _handshake(platform), "post": _delivery(platform)},
        "/openapi.json": {"get": _open("describe", "This document")},
        "/health": {"get": _open("tellHealth", "Tell that the door is open")},
    }


def _guarded(
    name: str, summary: str, model: type[BaseModel], parameters: list[Json], *refusals: int, ok: int = 200
) -> Json:
    return {
        "operationId": name,
        "summary": summary,
        "security": [{"bearer": []}],
        "parameters": parameters,
        "responses": {
            str(ok): _answer("It is done.", model),
            **_refusals(400, 401, 403, 404, 503, *refusals),
        },
    }


def _open(name: str, summary: str) -> Json:
    any_json = {"application/json": {"schema": {"type": "object"}}}
    return {
        "operationId": name,
        "summary": summary,
        "responses": {"200": {"description": summary, "content": any_json}},
    }


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
        "responses": {"200": ok, **_refusals(400, 403, 404)},
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


def _ticket_opened() -> Json:
    return {
        "operationId": "ticketOpened",
        "summary": "What a department finds in its SQS queue (not sent by HTTP)",
        "requestBody": _answer("A CloudEvent", views.TicketOpened),
        "responses": {"200": {"description": "Delete the message from the queue once it is read."}},
    }


def _answer(description: str, model: type[BaseModel]) -> Json:
    schema = {"$ref": REF.format(model=model.__name__)}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


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
    schema = model.model_json_schema(ref_template=REF)
    properties = schema["properties"]
    for definition in schema.get("$defs", {}):  # enums of parameters are inlined: few and small
        properties = json.loads(
            json.dumps(properties).replace(
                json.dumps({"$ref": REF.format(model=definition)}), json.dumps(schema["$defs"][definition])
            )
        )
    return [{"name": name, "in": "query", "schema": properties[name]} for name in properties]

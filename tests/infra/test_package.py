"""What CloudFormation is given: the flags that nobody would miss before the first outage."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from chalicelib import departments
from infra import functions, names, template
from infra.errors import CommandFailed
from infra.local import aws_environment
from infra.package import package
from tests.engine import Engine

Template = dict[str, Any]
IDS = departments.load().ids
FUNCTIONS = (
    "APIHandler",
    "ProcessIntake",
    "RedriveIntake",
    "EraseExpired",
    "TellAlarms",
    "PollYoutube",
    "KeepSubscriptions",
)


def of_type(resources: Template, kind: str) -> Template:
    found = {name: each["Properties"] for name, each in resources.items() if each["Type"] == kind}
    assert found
    return found


def walk(node: Any, path: str = "") -> Any:
    yield path, node
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield from walk(child, f"{path}/{key}")


def test_every_department_has_a_queue_and_a_dead_letter_queue(resources: Template) -> None:
    queues = of_type(resources, "AWS::SQS::Queue")

    wanted = {"intake", "intake-dlq", "brief-intake", "brief-intake-dlq", "ops", "ops-dlq"} | {
        f"department-{i}{end}" for i in IDS for end in ("", "-dlq")
    }
    assert {queue["QueueName"]["Fn::Sub"] for queue in queues.values()} == {
        f"${{AWS::StackName}}-{name}" for name in wanted
    }


def test_a_new_department_changes_nothing_of_the_others() -> None:
    before, after = template.owned(IDS), template.owned([*IDS, "legal"])

    assert before.items() <= after.items()
    assert after.keys() - before.keys() == {"DepartmentLegalQueue", "DepartmentLegalDlqQueue"}


def test_a_dead_letter_queue_keeps_longer_than_its_source(resources: Template) -> None:
    queues = of_type(resources, "AWS::SQS::Queue")
    sources = {name: queue for name, queue in queues.items() if "RedrivePolicy" in queue}

    assert len(sources) == len(IDS) + 3
    for queue in sources.values():
        dlq = queues[queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]]
        assert dlq["MessageRetentionPeriod"] > queue["MessageRetentionPeriod"]
        assert queue["RedrivePolicy"]["maxReceiveCount"] == 5


def test_intake_waits_six_times_the_workers_timeout(resources: Template) -> None:
    for queue in ("IntakeQueue", "BriefIntakeQueue"):
        visibility = resources[queue]["Properties"]["VisibilityTimeout"]

        assert visibility >= 6 * resources["ProcessIntake"]["Properties"]["Timeout"]


def test_one_bad_delivery_does_not_repeat_its_batch(resources: Template) -> None:
    events = resources["ProcessIntake"]["Properties"]["Events"].values()
    sources = {event["Properties"]["Queue"]["Fn::Sub"]: event["Properties"] for event in events}

    assert sources.keys() == {"${IntakeQueue.Arn}", "${BriefIntakeQueue.Arn}"}
    assert {event["Type"] for event in events} == {"SQS"}
    for source in sources.values():
        assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert source["BatchSize"] == 5
        assert source["MaximumBatchingWindowInSeconds"] == 0


def test_sqs_forgets_what_platforms_let_us_keep_for_a_day_only(resources: Template) -> None:
    queues = {name: resources[name]["Properties"] for name in ("BriefIntakeQueue", "BriefIntakeDlqQueue")}

    assert {name: queue["MessageRetentionPeriod"] // 3600 for name, queue in queues.items()} == {
        "BriefIntakeQueue": 10,
        "BriefIntakeDlqQueue": 11,
    }


@pytest.mark.parametrize(
    ("function", "seconds", "expression"),
    [
        ("RedriveIntake", functions.REDRIVE_EVERY, "rate({minutes} minutes)"),
        ("EraseExpired", functions.ERASE_EVERY, "rate({minutes} minutes)"),
        ("TellAlarms", functions.TELL_ALARMS_EVERY, "rate({minutes} minute)"),
        ("PollYoutube", functions.POLL_YOUTUBE_EVERY, "rate({minutes} minutes)"),
        ("KeepSubscriptions", functions.KEEP_SUBSCRIPTIONS_EVERY, "rate({hours} hour)"),
    ],
)
def test_the_local_timer_keeps_the_time_that_the_app_asks_for(
    resources: Template, function: str, seconds: int, expression: str
) -> None:
    (event,) = resources[function]["Properties"]["Events"].values()

    assert event["Properties"]["Schedule"] == expression.format(minutes=seconds // 60, hours=seconds // 3600)


def test_the_gateway_is_where_platforms_reach_us_unless_there_is_a_domain(packaged: Template) -> None:
    variables = packaged["Resources"]["KeepSubscriptions"]["Properties"]["Environment"]["Variables"]
    condition, ours, gateway = variables["PUBLIC_URL"]["Fn::If"]

    assert packaged["Conditions"][condition]["Fn::Not"][0]["Fn::Equals"] == [{"Ref": "PublicUrl"}, ""]
    assert ours == {"Ref": "PublicUrl"}
    endpoint = packaged["Outputs"]["EndpointURL"]["Value"]["Fn::Sub"]
    assert endpoint.startswith("https://${RestAPI}.execute-api.${AWS::Region}.")
    assert endpoint.endswith("/v1/")
    assert gateway["Fn::Sub"] == "https://${RestAPI}.execute-api.${AWS::Region}.${AWS::URLSuffix}/v1"
    # The gateway knows APIHandler, which must not know it: CloudFormation would go in circles.
    handler = packaged["Resources"]["APIHandler"]["Properties"]["Environment"]["Variables"]
    assert "RestAPI" not in json.dumps(handler)


def test_whoever_calls_the_function_finds_its_name(packaged: Template) -> None:
    assert packaged["Outputs"][names.KEEP_SUBSCRIPTIONS] == {"Value": {"Ref": "KeepSubscriptions"}}


def test_the_app_finds_the_same_variables_here_and_there(resources: Template, engine: Engine) -> None:
    there = set(resources["APIHandler"]["Properties"]["Environment"]["Variables"])
    here = set(aws_environment.variables(engine, IDS, Path("secrets.json"), "http://jwks"))

    assert there - here == {"SECRETS_PARAMETER", "SECRETS_ARN", "POWERTOOLS_LOG_LEVEL"}
    only_here = {name for name in here - there if not name.startswith("AWS_")}
    assert only_here == {"SECRETS_FILE", "PUBLIC_URL", "OPS_QUEUE_URL"}
    keeping = set(resources["KeepSubscriptions"]["Properties"]["Environment"]["Variables"])
    assert keeping - there == {"PUBLIC_URL"}


def test_everything_at_rest_is_encrypted(resources: Template) -> None:
    for queue in of_type(resources, "AWS::SQS::Queue").values():
        assert queue["SqsManagedSseEnabled"] is True
    assert resources["TicketsTable"]["Properties"]["SSESpecification"] == {"SSEEnabled": True}


def test_the_table_can_go_back_in_time_and_outlives_its_stack(resources: Template) -> None:
    table = resources["TicketsTable"]

    assert table["Properties"]["PointInTimeRecoverySpecification"] == {
        "PointInTimeRecoveryEnabled": True,
        "RecoveryPeriodInDays": {"Ref": "RecoveryDays"},
    }
    assert table["Properties"]["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert table["DeletionPolicy"].startswith("Retain")
    assert table["UpdateReplacePolicy"] == "Retain"


def test_an_intrinsic_function_stands_alone(packaged: Template) -> None:
    """Chalice's merge goes into dicts: what we say must replace what it says, not stand beside it."""
    for path, node in walk(packaged):
        if isinstance(node, dict) and any(key == "Ref" or str(key).startswith("Fn::") for key in node):
            assert len(node) == 1, path


def test_nothing_of_chalices_placeholders_is_left(packaged: Template) -> None:
    assert "replaced-by-infra" not in json.dumps(packaged)
    assert packaged["Parameters"].keys() >= {"OidcIssuer", "OidcAudience", "SecretsParameter"}
    assert "TableName" in packaged["Outputs"]


def test_every_function_knows_every_department(resources: Template) -> None:
    for function in FUNCTIONS:
        variables = resources[function]["Properties"]["Environment"]["Variables"]
        assert json.loads(variables["DEPARTMENT_QUEUE_URLS"]["Fn::Sub"]).keys() == set(IDS)


def test_the_zip_holds_bytecode_for_every_source_file_of_ours(dist: Path) -> None:
    files = set(zipfile.ZipFile(dist / "deployment.zip").namelist())
    ours = {name for name in files if name.endswith(".py") and name.startswith(("app.py", "chalicelib/"))}

    assert ours
    compiled = {name.rpartition("/")[2].partition(".")[0] for name in files if name.endswith(".pyc")}
    assert {name.rpartition("/")[2].removesuffix(".py") for name in ours} <= compiled
    assert not [name for name in files if name.startswith(("infra/", "tests/"))]


def test_a_zip_without_its_libraries_is_no_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chalice only mentions it, and goes on; the worker would fail on AWS."""
    said = "Could not install dependencies:\npydantic-core==2.50.5"
    monkeypatch.setattr("infra.package.run", lambda *_arguments, **_options: said)

    with pytest.raises(CommandFailed, match="pydantic-core"):
        package(tmp_path / "dist")

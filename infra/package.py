"""`make package`: writes into `dist/` what CloudFormation deploys, a template and a zip."""

import json
import os
import shutil
from pathlib import Path

from chalicelib import classifier, departments
from infra import bytecode, chosen_model, names, template
from infra.commands import command, run
from infra.errors import CommandFailed

ROOT = Path(__file__).parents[1]
DIST = ROOT / "dist"
TEMPLATE, ZIP = "sam.json", "deployment.zip"  # Chalice's names
MODEL_IN_ZIP = classifier.MODEL.relative_to(ROOT).as_posix()
INCOMPLETE = "Could not install dependencies"


def package(dist: Path = DIST, model: str = "") -> Path:
    """Package the app and return the template's path; nothing is asked of AWS.

    model: file of a model that takes the place of the shipped one.

    Raises:
        ConfigurationError: the departments do not fit AWS's limits, or the model is none.
        CommandFailed: Chalice or the linter did not like something.

    """
    other = chosen_model.checked(model) if model else None
    shutil.rmtree(dist, ignore_errors=True)
    dist.mkdir(parents=True)
    merge = dist / "merge.json"
    merge.write_text(json.dumps(template.template(departments.load().ids), indent=2), "utf-8")
    options = ("--stage", names.STAGE, "--merge-template", merge)
    said = run("chalice", "package", *options, dist, cwd=ROOT, env=environment())
    if INCOMPLETE in said:  # Chalice goes on without them, and the worker would fail on import
        raise CommandFailed(f"chalice: {said}")
    merge.unlink()
    bytecode.add(dist / ZIP, {MODEL_IN_ZIP: other} if other else {})
    run("cfn-lint", dist / TEMPLATE, cwd=ROOT, env=environment())
    return dist / TEMPLATE


def environment() -> dict[str, str]:
    """Give the commands no AWS account to talk to, and the region that Chalice asks for."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return kept | {
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@command
def main() -> None:
    """Package, and tell where it lies."""
    written = package(model=os.environ.get("MODEL", ""))
    size = (DIST / ZIP).stat().st_size
    print(f"{written.relative_to(ROOT)} and {ZIP} ({size / 1e6:.1f} MB); cfn-lint has nothing to say")


if __name__ == "__main__":
    main()

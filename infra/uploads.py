"""Puts template and zip where CloudFormation reads them; names tell contents, so nothing is overwritten."""

import json
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from infra.package import ZIP

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

PREFIX = "zustaendig"


def upload(s3: "S3Client", bucket: str, template: Path) -> str:
    """Upload what `package` has written and return the address of the template."""
    code = _put(s3, bucket, (template.parent / ZIP).read_bytes(), "zip")
    written = json.loads(template.read_text("utf-8"))
    for resource in written["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = f"s3://{bucket}/{code}"
    key = _put(s3, bucket, json.dumps(written).encode(), "json")
    return f"{s3.meta.endpoint_url}/{bucket}/{key}"


def _put(s3: "S3Client", bucket: str, content: bytes, kind: str) -> str:
    key = f"{PREFIX}/{sha256(content).hexdigest()}.{kind}"
    s3.put_object(Bucket=bucket, Key=key, Body=content)
    return key

"""The local engine, for tests that want real queues and a real table."""

from infra.local.clients import ACCOUNT, REGION
from infra.local.engine import Engine
from infra.local.engine_start import running_engine

__all__ = ["ACCOUNT", "REGION", "Engine", "running_engine"]

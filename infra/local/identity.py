"""The token issuer of a local run: a key in DATA_DIR, its public half served on loopback, signed tokens."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import RSAAlgorithm

from chalicelib.identity import DEPARTMENT, OPS
from infra.local import private_files

ISSUER = "https://issuer.zustaendig.invalid"
AUDIENCE = "zustaendig"
LIFETIME = 7 * 24 * 60 * 60
ALGORITHM = "RS256"


def key(data_dir: Path) -> rsa.RSAPrivateKey:
    """Read the key, or make it the first time."""
    file = data_dir / "issuer-key.pem"
    if not file.exists():
        made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        private_files.write(file, pem.decode())
    read = load_pem_private_key(file.read_bytes(), None)
    assert isinstance(read, rsa.RSAPrivateKey)
    return read


def key_set(private: rsa.RSAPrivateKey) -> dict[str, Any]:
    """Write the public half as RFC 7517 has it."""
    public = RSAAlgorithm.to_jwk(private.public_key(), as_dict=True)
    return {"keys": [public | {"kid": _key_id(private), "use": "sig", "alg": ALGORITHM}]}


def _key_id(private: rsa.RSAPrivateKey) -> str:
    return sha256(str(private.public_key().public_numbers().n).encode()).hexdigest()[:16]


def tokens(private: rsa.RSAPrivateKey, department_ids: Sequence[str]) -> Mapping[str, str]:
    """Sign a token for ops and for each department, all good for LIFETIME seconds."""
    now = int(time.time())
    roles = {OPS: OPS} | {id_: f"{DEPARTMENT}{id_}" for id_ in department_ids}
    claims = {"iss": ISSUER, "aud": AUDIENCE, "iat": now, "exp": now + LIFETIME}
    return {
        who: jwt.encode(
            claims | {"sub": who, "roles": [role]}, private, ALGORITHM, headers={"kid": _key_id(private)}
        )
        for who, role in roles.items()
    }


@contextmanager
def serving(private: rsa.RSAPrivateKey) -> Iterator[str]:
    """Serve the key set on loopback and give its address."""
    content = json.dumps(key_set(private)).encode()

    class KeySet(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # http.server's name
            self.send_response(200)
            self.send_header("Content-Type", "application/jwk-set+json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    with ThreadingHTTPServer(("127.0.0.1", 0), KeySet) as server:
        Thread(target=server.serve_forever, name="jwks", daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/jwks.json"
        finally:
            server.shutdown()

"""TLS certificates, made for the test that needs them."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

DAY = timedelta(days=1)
Key = ec.EllipticCurvePrivateKey


class Authority:
    """Signs certificates for names; whoever trusts `trusting` trusts them."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._key = folder, ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "authority of a test")])
        certificate = self._certificate(self._name, self._key)
        self.file = folder / "authority.pem"
        self.file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def trusting(self) -> ssl.SSLContext:
        """Give a client's context that trusts nobody else."""
        return ssl.create_default_context(cafile=str(self.file))

    def serving(self, name: str, *, ends: timedelta = DAY, self_signed: bool = False) -> ssl.SSLContext:
        """Give a server's context with a certificate for a name."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        signer = key if self_signed else self._key
        certificate = self._certificate(subject, key, signer, name=name, ends=ends)
        file = self._folder / f"{name}-{ends.days}-{self_signed}.pem"
        pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
        written = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
        file.write_bytes(written + certificate.public_bytes(pem))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _certificate(
        self,
        subject: x509.Name,
        key: Key,
        signer: Key | None = None,
        *,
        name: str | None = None,
        ends: timedelta = DAY,
    ) -> x509.Certificate:
        """Make a certificate of two days; with no name, that of an authority."""
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject if signer is key else self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + ends - 2 * DAY)
            .not_valid_after(now + ends)
            .add_extension(x509.BasicConstraints(ca=name is None, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )
        if name:
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        return builder.sign(signer or self._key, hashes.SHA256())

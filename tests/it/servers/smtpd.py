"""A real SMTP server for the tests (aiosmtpd): TLS from the first byte on one port, STARTTLS required on another, AUTH.

What it accepts is filed in a Maildir, headed by the envelope. Ends by a signal.
Addresses: refuse* 550, later* 450; the sender limit* 550 5.4.5 after the data.
"""
import os, signal, ssl, sys, time
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

folder, starttls_port, tls_port, certificate, key, user, password = sys.argv[1:]
for part in ("tmp", "new", "cur"):
    os.makedirs(os.path.join(folder, part), exist_ok=True)


class Sink:
    count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refuse"):
            return "550 5.1.1 no such user"
        if address.startswith("later"):
            return "450 4.2.1 try later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if any(address.startswith("limit") for address in envelope.rcpt_tos):
            return "550 5.4.5 Daily user sending limit exceeded"
        Sink.count += 1
        name = f"{int(time.time())}.M{Sink.count}P{os.getpid()}.test"
        head = f"Return-Path: <{(envelope.mail_from or '').strip('<>')}>\r\n"
        head += "".join(f"Delivered-To: {address}\r\n" for address in envelope.rcpt_tos)
        with open(os.path.join(folder, "tmp", name), "wb") as file:
            file.write(head.encode() + envelope.original_content)
        os.rename(os.path.join(folder, "tmp", name), os.path.join(folder, "new", name))
        return "250 2.0.0 kept"


def authenticate(server, session, envelope, mechanism, data):
    fine = data.login == user.encode() and data.password == password.encode()
    return AuthResult(success=fine, handled=False)


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
common = dict(authenticator=authenticate, auth_required=True, hostname="127.0.0.1")
plain = Controller(Sink(), port=int(starttls_port), tls_context=context, require_starttls=True, **common)
secured = Controller(Sink(), port=int(tls_port), ssl_context=context, auth_require_tls=False, **common)
plain.start()
secured.start()
signal.pause()

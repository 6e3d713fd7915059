"""Receivers and readers built on packages of PyPI; run in a virtual environment by `receivers.py`."""

import asyncio
import json
import pathlib
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def webhook(port, folder, secret):
    """Takes signed webhooks as the standardwebhooks library does, and answers as a file says."""
    from standardwebhooks.webhooks import Webhook
    folder = pathlib.Path(folder)
    checker = Webhook(secret)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            how = (folder / "behaviour").read_text().strip()
            headers = {name.lower(): value for name, value in self.headers.items()}
            entry = {"id": headers.get("webhook-id"), "at": time.time(), "how": how,
                     "type": headers.get("content-type"), "body": body.decode()}
            try:
                checker.verify(body, headers)
                entry["signed"] = True
            except Exception as error:  # what a real receiver would refuse
                entry["signed"], entry["error"] = False, str(error)
            with (folder / "seen.jsonl").open("a") as file:
                file.write(json.dumps(entry) + "\n")
            self.answer(how, entry)

        def answer(self, how, entry):
            word, _, value = how.partition(":")
            if word == "slow":
                time.sleep(float(value))
            elif word == "hang":
                time.sleep(30)
                self.close_connection = True
                return
            elif word == "garbage":
                self.wfile.write(b"\x00\xffthis is no HTTP\r\n" * 20)
                self.close_connection = True
                return
            elif word == "close":
                self.close_connection = True
                return
            elif word.isdigit():
                self.send_response(int(word))
                if value:
                    self.send_header("Retry-After", value)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            if not entry["signed"]:
                self.send_response(401)
            else:
                with (folder / "taken.jsonl").open("a") as file:
                    file.write(json.dumps(entry) + "\n")
                self.send_response(204)
            self.send_header("Content-Length", "0")
            self.end_headers()

    ThreadingHTTPServer(("127.0.0.1", int(port)), Handler).serve_forever()


def smtp(port, folder, certificate=None, key=None, implicit=None):
    import ssl
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import SMTP, AuthResult
    folder = pathlib.Path(folder)
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
    count = 0

    def note(server, command, text):
        encrypted = server.transport.get_extra_info("ssl_object") is not None
        with (folder / "commands.jsonl").open("a") as file:
            file.write(json.dumps({"command": command, "text": text, "encrypted": encrypted}) + "\n")

    class Handler:
        async def handle_MAIL(self, server, session, envelope, address, options):
            note(server, "MAIL", address)
            envelope.mail_from = address
            return "250 OK"

        async def handle_DATA(self, server, session, envelope):
            nonlocal count
            if (folder / "refuse").exists():
                return (folder / "refuse").read_text().strip()
            note(server, "DATA", str(len(envelope.original_content)))
            count += 1
            (folder / f"{count:04}.eml").write_bytes(envelope.original_content)
            (folder / f"{count:04}.to").write_text("\n".join([envelope.mail_from, *envelope.rcpt_tos]))
            return "250 taken"

    def login(server, session, envelope, mechanism, data):
        note(server, "AUTH", f"{data.login.decode()} {data.password.decode()}")
        return AuthResult(success=True)

    class Server(Controller):
        def factory(self):
            return SMTP(self.handler, tls_context=None if implicit else context, authenticator=login,
                        auth_require_tls=False)

    Server(Handler(), hostname="127.0.0.1", port=int(port), ssl_context=context if implicit else None).start()
    while True:
        time.sleep(60)


async def nats_client(port, trusted):
    import nats
    import ssl
    if trusted is None:
        return await nats.connect(f"nats://127.0.0.1:{port}")
    return await nats.connect(f"tls://127.0.0.1:{port}", tls=ssl.create_default_context(cafile=trusted))


def nats_make(port, subject, trusted=None):
    async def make():
        client = await nats_client(port, trusted)
        await client.jetstream().add_stream(name="ponor", subjects=[subject])
        await client.close()
    asyncio.run(make())


def nats_read(port, subject, trusted=None):
    async def read():
        client = await nats_client(port, trusted)
        stream = client.jetstream()
        total = (await stream.stream_info("ponor")).state.messages
        subscription = await stream.subscribe(subject, ordered_consumer=True)
        for _ in range(total):
            message = await subscription.next_msg(timeout=5)
            print(json.dumps({"id": message.headers["Nats-Msg-Id"], "body": message.data.decode()}))
        await client.close()
    asyncio.run(read())


def taxii(url, user, password):
    """Polls every collection in pages of 2, and again by its manifest and by added_after."""
    from taxii2client.v21 import Server, as_pages
    server = Server(url, user=user, password=password)
    result = {"title": server.title, "collections": {}}
    for collection in server.default.collections:
        objects = [thing for page in as_pages(collection.get_objects, per_request=2)
                   for thing in page.get("objects", [])]
        manifest = [thing for page in as_pages(collection.get_manifest, per_request=3)
                    for thing in page.get("objects", [])]
        later = []
        if manifest:
            middle = manifest[len(manifest) // 2]["date_added"]
            later = collection.get_manifest(added_after=middle).get("objects", [])
            one = collection.get_object(manifest[0]["id"])["objects"]
            assert one[0]["id"] == manifest[0]["id"]
        result["collections"][collection.title] = {
            "id": collection.id, "objects": objects, "manifest": manifest, "later": later}
    print(json.dumps(result))


def mmdb(path):
    """A database with two networks: autonomous systems, countries, a city."""
    import netaddr
    from mmdb_writer import MMDBWriter
    writer = MMDBWriter(6, "Test", languages=["en"], description="test", ipv4_compatible=True)
    for prefix, system, country, city in [("198.51.100.0/24", 64496, "DE", "Köln"), ("2001:db8::/32", 64497, "NL", "")]:
        names = {"city": {"names": {"en": city}}} if city else {}
        writer.insert_network(netaddr.IPSet([prefix]), {
            "autonomous_system_number": system, "autonomous_system_organization": f"Net {system}",
            "country": {"iso_code": country}, **names})
    writer.to_db_file(path)


if __name__ == "__main__":
    {"webhook": webhook, "smtp": smtp, "nats-make": nats_make, "nats-read": nats_read, "taxii": taxii,
     "mmdb": mmdb}[sys.argv[1]](*sys.argv[2:])

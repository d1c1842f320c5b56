"""The service from Python: stubs made from proto/, the built program, 200 articles.

    python tests/python/client_test.py target/release/siglato [more options of `siglato serve`]

Ends with status 0 when all is well.
"""

import contextlib
import importlib
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from grpc_tools import protoc

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVICE = "siglato.v1.DealExtractor"

# Companies, places and deals are invented.
SAMPLES = [
    ("Adriamare rileva Cantieri Valdoro",
     "{a} S.p.A. ha acquisito il {n}% di {b} da Fondo Brenta per circa {n} milioni di euro. "
     "L'accordo è stato firmato il 3 novembre 2025 e il closing è atteso entro marzo 2026."),
    ("",
     "Secondo indiscrezioni, {a} sarebbe in trattativa esclusiva con {b} per una fornitura di energia di sette anni, "
     "del valore di oltre {n} milioni di dollari. 🔋 Le parti non commentano."),
    ("Nordluce e Tessitura Balsamo insieme",
     "{a} e {b} hanno annunciato ieri una joint venture paritetica a Forlì: l'investimento va da {n} a {n}5 milioni."),
    ("Finanziamento per il porto",
     "Banca Collina ha concesso a {a} un finanziamento da {n} milioni di euro con durata di 84 mesi, garantito da {b}."),
    ("Meteo",
     "Domenica di sole sull'Appennino, con temperature fino a {n} gradi; lunedì piogge sparse tra {a} e {b}."),
]
NAMES = ["Adriamare", "Cantieri Valdoro", "Nordluce", "Tessitura Balsamo", "Officine Pietralta", "Caseificio Ombrosa",
         "Ferrovie del Sannio Nuovo", "Vetreria Lucemare"]


def articles(messages, count):
    for n in range(count):
        title, text = SAMPLES[n % len(SAMPLES)]
        a, b = NAMES[n % len(NAMES)], NAMES[(n // 2 + 3) % len(NAMES)]
        document = messages.Document(id=f"it-{n:03}", title=title, text=text.format(a=a, b=b, n=10 + n), lang="it")
        document.published.year, document.published.month, document.published.day = 2025, 11, 4
        yield document


def stubs(folder):
    """The messages and the client, made from proto/."""
    files = sorted(str(path.relative_to(ROOT / "proto")) for path in (ROOT / "proto").rglob("*.proto"))
    status = protoc.main(["protoc", f"-I{ROOT / 'proto'}", f"--python_out={folder}", f"--grpc_python_out={folder}", *files])
    assert status == 0, "protoc"
    sys.path.insert(0, folder)
    messages = importlib.import_module("siglato.v1.siglato_pb2")
    kinds = importlib.import_module("siglato.v1.kinds_pb2")
    return messages, kinds, importlib.import_module("siglato.v1.siglato_pb2_grpc")


@contextlib.contextmanager
def server(program, options):
    """The program on a free port; its address."""
    command = [program, "serve", "--listen", "127.0.0.1:0", *options]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        for line in process.stderr:
            if found := re.search(r"listening on (\S+)", line):
                break
        else:
            raise AssertionError(f"the server ended with {process.wait()}")
        yield found.group(1)
        process.terminate()
        assert process.wait(timeout=30) == 0, "SIGTERM is a good end"
    finally:
        process.kill()
        process.stderr.close()
        process.wait()


def read_text(document):
    return f"{document.title}\n\n{document.text}" if document.title else document.text


def spans(event):
    for party in event.participants:
        yield from party.mentions
    for term in ("value", "valuation", "stake", "duration"):
        if event.HasField(term):
            yield getattr(event, term).evidence
    for date in event.dates:
        yield date.evidence
    yield from event.evidence


def check(extraction, document, kinds):
    text = read_text(document)
    assert extraction.lang == "it"
    for event in extraction.events:
        assert event.type != kinds.DEAL_TYPE_UNSPECIFIED and event.stage != kinds.STAGE_UNSPECIFIED
        assert event.participants and all(party.role != kinds.ROLE_UNSPECIFIED for party in event.participants)
        assert 0 <= event.confidence <= 1
        for span in spans(event):
            assert text[span.start:span.end] == span.text, span


def main():
    program, options = sys.argv[1], sys.argv[2:]
    with tempfile.TemporaryDirectory() as folder, server(program, options) as address:
        messages, kinds, services = stubs(folder)
        with grpc.insecure_channel(address) as channel:
            client = services.DealExtractorStub(channel)

            health = health_pb2_grpc.HealthStub(channel)
            for name in ("", SERVICE):
                assert health.Check(health_pb2.HealthCheckRequest(service=name)).status == 1, name
            print("health: serving")

            names = ProtoReflectionDescriptorDatabase(channel).get_services()
            assert SERVICE in names and "grpc.health.v1.Health" in names, names
            print("reflection:", ", ".join(sorted(names)))

            models = client.ListModels(messages.ListModelsRequest()).models
            assert models[0].kind == messages.MODEL_KIND_DEAL
            print("models:", ", ".join(f"{m.name} ({m.architecture}, {m.size_bytes >> 20} MiB)" for m in models))

            first = next(articles(messages, 1))
            answer = client.Extract(messages.ExtractRequest(document=first))
            assert answer.id == first.id
            check(answer.extraction, first, kinds)
            print(f"extract: {len(answer.extraction.events)} events")

            documents = {document.id: document for document in articles(messages, 200)}
            begun, answered, events = time.monotonic(), {}, 0
            requests = (messages.ExtractStreamRequest(document=document) for document in documents.values())
            for answer in client.ExtractStream(requests):
                assert answer.id not in answered and answer.WhichOneof("result") == "extraction", answer
                answered[answer.id] = answer
                events += len(answer.extraction.events)
                check(answer.extraction, documents[answer.id], kinds)
            assert answered.keys() == documents.keys()
            print(f"stream: {len(answered)} documents, {events} events, {time.monotonic() - begun:.1f} s")

            try:
                client.Extract(messages.ExtractRequest(document=messages.Document(text="x", lang="klingon")))
                raise AssertionError("an unknown language passes")
            except grpc.RpcError as error:
                assert error.code() == grpc.StatusCode.INVALID_ARGUMENT, error
                assert "document.lang" in error.details(), error
                print("invalid:", error.details())
    print("all well")


if __name__ == "__main__":
    main()

"""Documents of a product that keeps them in a bucket: sent in pieces, read by search, shown, handed out."""

from collections.abc import Iterator
from dataclasses import replace

import boto3
import pytest
import typst
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from applications.documenttexts import read_document
from applications.models import Document, DocumentText
from tests.applications.small_pack import World
from tests.applications.visits import visiting
from tests.buckets import s3_server


@pytest.fixture
def bucket(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with s3_server() as address:
        yield _opened(app, monkeypatch, address)


def _opened(app: Flask, monkeypatch: pytest.MonkeyPatch, address: str) -> str:
    access = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_DEFAULT_REGION": "us-east-1"}
    for name, value in (access | {"AWS_ENDPOINT_URL": address}).items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3")
    client.create_bucket(Bucket="ho-so")
    client.close()
    settings = replace(app.config["KHUEVAN"], storage_url="s3://ho-so/tai-lieu")
    monkeypatch.setitem(app.config, "KHUEVAN", settings)
    return "ho-so"


def test_a_document_lives_in_the_bucket_from_its_pieces_to_its_download(
    app: Flask, client: FlaskClient, world: World, bucket: str
) -> None:
    draft, content = world.draft(level="high"), typst.compile("Đổi mới sáng tạo".encode())
    world.session.commit()
    applicant, half = visiting(world, client, "applicant"), len(content) // 2
    promise = {"slot": "plan", "filename": "ke-hoach.pdf", "media_type": "application/pdf", "size": len(content)}

    at = applicant.post(f"/dossiers/{draft.key}/uploads", data=promise).json["address"]
    applicant.patch(f"{at}?offset=0", data=content[:half])
    applicant.patch(f"{at}?offset={half}", data=content[half:])
    assert applicant.post(f"{at}/finish").status_code == 200
    document = world.session.scalars(select(Document).where(Document.case_id == draft.id)).one()
    with app.app_context():
        read_document.work(world.session, document_id=document.id)

    place = f"/dossiers/{draft.key}/documents/{document.id}"
    whole, part = applicant.get(place), applicant.get(place, headers={"Range": "bytes=2-9"})
    assert (whole.data, whole.content_length) == (content, len(content))
    assert (part.status_code, part.data) == (206, content[2:10])
    assert applicant.get(f"{place}/pages/1.png").data.startswith(b"\x89PNG")
    assert world.session.scalars(select(DocumentText.text)).one() == "doi moi sang tao"

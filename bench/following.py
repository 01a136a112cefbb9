"""The public who follow dossiers without an account: code and secret sent by the form of the page."""

import re
import urllib.request
from urllib.parse import urlencode

import psycopg

from applications.tracking import digest_of, new_secret
from bench.load import Journey

NAME = "public tracking"
DOSSIERS = 5_000
"""So many that nobody's tries at one code come to their limit."""
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
SET = """
    UPDATE applications SET tracking_digest = %s FROM cases
     WHERE cases.id = applications.id AND cases.id IN (
             SELECT id FROM applications WHERE submitted_at IS NOT NULL ORDER BY id DESC LIMIT %s)
    RETURNING cases.key
"""


def following(url: str, connection: psycopg.Connection) -> Journey:
    """Everybody from an address of their own, each with the code of one dossier."""
    with urllib.request.urlopen(f"{url}/track") as answer:  # noqa: S310 - our own address
        token = TOKEN.search(answer.read().decode())
        cookies = [header.partition(";")[0] for header in answer.headers.get_all("Set-Cookie", [])]
    if token is None:
        raise RuntimeError("the form for following carries no token")
    secret = new_secret()
    keys = [key for (key,) in connection.execute(SET, [digest_of(secret), DOSSIERS])]
    said = {"csrf_token": token[1], "secret": secret}
    targets = [f"POST\t/track\t{urlencode({**said, 'code': key})}" for key in keys]
    return Journey(NAME, targets, cookie="; ".join(cookies), is_from_everywhere=True)

"""The address of the database as PostgreSQL's own library reads it."""

from psycopg.conninfo import conninfo_to_dict
from sqlalchemy.engine import URL

from foundation.database import libpq_address


def test_a_folder_with_spaces_and_marks_is_the_same_folder_for_the_driver() -> None:
    folder = "/srv/Khuê Văn (thử)/1+1/socket"
    url = URL.create("postgresql+psycopg", "city", "p?a+b c", database="khuevan", query={"host": folder})

    read = conninfo_to_dict(libpq_address(url))

    assert read == {"user": "city", "password": "p?a+b c", "dbname": "khuevan", "host": folder}

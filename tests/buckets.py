"""A server that speaks the S3 protocol, with a bucket for one test."""

from collections.abc import Iterator
from contextlib import contextmanager

from moto.server import ThreadedMotoServer
from s3fs import S3FileSystem


@contextmanager
def s3_server() -> Iterator[str]:
    """Its address. File systems that were opened for another server are forgotten, before and after."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    S3FileSystem.clear_instance_cache()
    try:
        yield f"http://{host}:{port}"
    finally:
        S3FileSystem.clear_instance_cache()
        server.stop()

"""The embedded PostgreSQL: a server of our own where no ``DATABASE_URL`` names another."""

from portal.embedded.server import EMBEDDED_HOME, EmbeddedServer, ServerFailed, disposable_server, running_url

__all__ = ["EMBEDDED_HOME", "EmbeddedServer", "ServerFailed", "disposable_server", "running_url"]

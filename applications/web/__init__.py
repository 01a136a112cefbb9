"""The pages on procedures and dossiers; each module adds its routes to the one blueprint."""

from applications.web.blueprint import blueprint

__all__ = ["blueprint"]

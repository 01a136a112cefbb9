"""The application that a web server and the command line load."""

from portal.factory import create_app

app = create_app()

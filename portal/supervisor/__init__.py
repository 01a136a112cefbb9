"""One supervisor owns the database, the web server and the worker: starts, watches, restarts, ends them."""

"""The Python client of a running server, for commands and programs. Imports the model only; httpx when it sends."""

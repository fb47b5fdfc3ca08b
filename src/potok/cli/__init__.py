"""The command `potok`: thin commands over the API client, and the one place that puts a server together."""

"""The HTTP app: routes, auth, live stream, the first page. It reads the store and asks the scheduler; never decides."""

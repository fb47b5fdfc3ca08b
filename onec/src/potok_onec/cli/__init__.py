"""The command `potok-onec`: thin, it parses arguments, calls the library and prints."""

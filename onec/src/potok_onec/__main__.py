"""`python -m potok_onec` is the command `potok-onec`."""

from potok_onec.cli.main import main

main()

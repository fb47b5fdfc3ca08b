"""`python -m ml_training_steps`: the same steps from a shell."""

from ml_training_steps.cli import main

if __name__ == "__main__":
    raise SystemExit(main())

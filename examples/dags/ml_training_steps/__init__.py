"""The business code of the ML training pipeline: features, drift, training, evaluation, retention.

It never imports a workflow orchestrator: every step is a plain function that also runs from a shell
(`python -m ml_training_steps`), a notebook or a test. `records` is light to import; the other modules load
scikit-learn, so a workflow file imports them inside its task bodies.
"""

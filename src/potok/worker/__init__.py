"""What runs beside user code: zygote, task runtime, templates, log capture, results. Never opens the database."""

"""What a DAG file uses: decorators, operators, params, context, contracts; it becomes the model's frozen values."""

import potok.model  # noqa: F401 - first, for the light way in which it loads msgspec

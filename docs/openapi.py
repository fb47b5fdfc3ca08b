"""Prints the OpenAPI document of the HTTP API, from which the UI's types are made."""

from __future__ import annotations

import json
import sys

from potok.api.app import API_ROOT, all_routes
from potok.api.openapi import openapi


def main() -> None:
    json.dump(openapi(all_routes(), "", API_ROOT), sys.stdout, indent=1, ensure_ascii=False, sort_keys=True)


if __name__ == "__main__":
    main()

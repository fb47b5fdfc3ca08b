"""The OpenAPI document is whole and tells what the routes do."""

import re
from collections.abc import Iterator

import httpx
import pytest

from potok.api.app import PotokApp, all_routes

METHODS = {"get", "post", "put", "delete"}


@pytest.fixture
async def document(http: httpx.AsyncClient, app: PotokApp) -> dict:
    answer = await http.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    return answer.json()


def operations(document: dict) -> Iterator[tuple[str, str, dict]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


async def test_it_has_every_route_and_nothing_else(document: dict) -> None:
    assert document["openapi"].startswith("3.1")
    documented = {(method.upper(), path) for path, method, _ in operations(document)}
    assert documented == {(route.method, route.path) for route in all_routes().all}


async def test_every_reference_leads_somewhere(document: dict) -> None:
    schemas = document["components"]["schemas"]
    found = set(references(document))
    assert found
    for reference in found:
        assert reference.removeprefix("#/components/schemas/") in schemas, reference
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", name) for name in schemas), "names that OpenAPI permits"


async def test_every_operation_is_whole(document: dict) -> None:
    ids = []
    for path, method, operation in operations(document):
        where = f"{method} {path}"
        assert method in METHODS, where
        assert operation["summary"] and operation["tags"], where
        ids.append(operation["operationId"])
        in_template = set(re.findall(r"{(\w+)}", path))
        parameters = operation.get("parameters", [])
        in_path = {parameter["name"] for parameter in parameters if parameter["in"] == "path"}
        assert in_path == in_template, where
        assert all(parameter["required"] for parameter in parameters if parameter["in"] == "path"), where
        assert all("schema" in parameter for parameter in parameters), where
        statuses = set(operation["responses"])
        assert {"401", "403", "422", "503"} <= statuses, where
        assert any(status[0] in "23" for status in statuses), where
        assert ("404" in statuses) or not in_template, where
        for status, response in operation["responses"].items():
            assert response["description"], where
            if status >= "400":
                assert list(response["content"]) == ["application/problem+json"], where
    assert len(set(ids)) == len(ids)


async def test_it_names_the_fields_of_a_run(document: dict) -> None:
    schemas = document["components"]["schemas"]
    run = schemas["Run"]
    assert {"run_id", "dag_id", "state", "logical_date", "params", "duration_s"} <= set(run["properties"])
    trigger = document["paths"]["/dags/{dag_id}/runs"]["post"]
    assert {"200", "201"} <= set(trigger["responses"])
    body = trigger["requestBody"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
    assert {"params", "logical_date", "note", "idempotency_key"} <= set(schemas[body]["properties"])

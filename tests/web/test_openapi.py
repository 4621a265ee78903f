import pytest
from openapi_spec_validator import validate

from web.api import api
from web.declare import PREFIX


@pytest.fixture
def document(app):
    answer = app.test_client().get("/api/v1/openapi.json")  # the description needs no token
    assert answer.status_code == 200
    return answer.json


def test_the_document_is_openapi(document):
    validate(document)


def test_every_route_of_the_app_is_in_it(app, document):
    served = {
        (method.lower(), rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(PREFIX)
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    told = {(route.method.lower(), route.flask_rule): route for route in api.routes}
    assert served == set(told)
    for (method, _), route in told.items():
        operation = document["paths"][PREFIX + route.path][method]
        assert operation["summary"]
        assert str(route.status) in operation["responses"]


def test_operations_have_names_of_their_own(document):
    names = [one["operationId"] for path in document["paths"].values() for one in path.values()]
    assert len(names) == len(set(names)) >= 30


def test_what_is_taken_and_given_is_described(document):
    take = document["paths"]["/api/v1/tickets"]["post"]
    wish = take["requestBody"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
    assert document["components"]["schemas"][wish]["required"] == ["matter"]
    assert document["components"]["schemas"][wish]["additionalProperties"] is False
    assert {"401", "403", "409", "422"} <= set(take["responses"])
    assert any(one["name"] == "Idempotency-Key" for one in take["parameters"])


def test_real_answers_fit_their_schemas(client, document):
    from jsonschema import Draft202012Validator

    def fits(answer, path, method="get", status="200"):
        schema = document["paths"][path][method]["responses"][status]["content"]["application/json"]["schema"]
        Draft202012Validator({**schema, "components": document["components"]}).validate(answer.json)

    fits(client.post("tickets", {"matter": "GA-1"}), "/api/v1/tickets", "post", "201")
    client.post("windows/1/open")
    fits(client.post("windows/1/call-next"), "/api/v1/windows/{window}/call-next", "post")
    for path in ("matters", "lines", "queue", "windows", "devices"):
        fits(client.get(path), f"/api/v1/{path}")

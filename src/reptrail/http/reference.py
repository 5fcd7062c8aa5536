"""/api/docs: the OpenAPI document as one page, rendered here once. No script, nothing from another host, nothing inline."""

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from reptrail.http.examples import example
from reptrail.http.openapi import Schema, openapi_bytes

STYLES = "/static/reference.css"
ICON = "/static/icon.svg"
DOCUMENT = "/api/v1/openapi.json"
# Everything the pages need is a style sheet and an icon of our own.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# The demonstration athlete of `make run`; a test compares (the edge imports no feature).
DEMO_EMAIL = "demo@reptrail.example"
DEMO_PASSWORD = "reptrail-demo"  # noqa: S105 - meant to be known
_TITLES = {"catalog": "Catalogue", "transfer": "Imports", "ledger": "Ledger", "training": "Training"}
_WIDE_CURL = 64


@cache
def static(name: str) -> bytes | None:
    """A file that the pages link to, None if there is no such one."""
    if not re.fullmatch(r"[a-z]+\.(css|svg)", name):
        return None
    path = files("reptrail.http").joinpath("static", name)
    return path.read_bytes() if path.is_file() else None


@cache
def docs_page() -> bytes:
    """The API reference."""
    return Reference(json.loads(openapi_bytes())).page().encode()


@cache
def home_page() -> bytes:
    """What somebody finds who opens the server's address."""
    demonstration = _curl("POST", "/api/v1/auth/login", {"email": DEMO_EMAIL, "password": DEMO_PASSWORD}, signed_in=False)
    body = f"""
<main class="home">
<img class="mark" src="{ICON}" alt="" width="72" height="72">
<h1>Reptrail</h1>
<p class="lead">This server keeps training histories: programs, workout sessions, sets and measurements. Every row belongs to one
athlete, says who wrote it, and is never lost.</p>
<p class="actions"><a class="button" href="/api/docs">Read the API reference</a>
<a class="button quiet" href="{DOCUMENT}">OpenAPI 3.1 document</a></p>
<section class="card">
<h2>Sign in</h2>
<p>If this server was started with <code>make run</code>, a demonstration athlete with a history is here already:</p>
<pre tabindex="0">{escape(demonstration)}</pre>
<p>Send the <code>access_token</code> of the answer with everything else, for example to read the latest workout sessions:</p>
<pre tabindex="0">{escape(_curl("GET", "/api/v1/athletes/me/sessions"))}</pre>
<p>For an account of your own see <a href="/api/docs#register">register</a>.</p>
</section>
</main>"""
    return _html("Reptrail", body).encode()


def _html(title: str, body: str) -> str:
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(title)}</title>
<link rel="icon" href="{ICON}" type="image/svg+xml">
<link rel="stylesheet" href="{STYLES}">
</head>
<body>{body}
</body>
</html>
"""


def _curl(method: str, path: str, body: Any = None, *, signed_in: bool = True, form: bool = False) -> str:
    lines = [f"curl -X {method} http://127.0.0.1:8000{path}" if method != "GET" else f"curl http://127.0.0.1:8000{path}"]
    if signed_in:
        lines.append("-H 'Authorization: Bearer TOKEN'")
    if form:
        lines.append("-F file=@workouts.csv")
    elif body is not None:
        text = json.dumps(body, ensure_ascii=False)
        if len(text) > _WIDE_CURL:
            text = json.dumps(body, ensure_ascii=False, indent=2)
        lines += ["-H 'Content-Type: application/json'", "-d '" + text.replace("'", "'\\''") + "'"]
    return " \\\n  ".join(lines)


def prose(text: str) -> str:
    """Paragraphs, lists and `code` of a description, as HTML. Whatever else is in it is shown as it stands."""
    made = []
    for part in re.split(r"\n\s*\n", text.strip()):
        lines = part.splitlines()
        if all(line.startswith("- ") for line in lines):
            made.append("<ul>" + "".join(f"<li>{inline(line[2:])}</li>" for line in lines) + "</ul>")
        else:
            made.append(f"<p>{inline(' '.join(lines))}</p>")
    return "\n".join(made)


def inline(text: str) -> str:
    """Text with `code` in it, as HTML."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


class Reference:
    """Renders one OpenAPI document."""

    def __init__(self, document: Schema) -> None:
        self.document = document
        self.components: Schema = document["components"]
        self.operations: list[tuple[str, str, Schema]] = [
            (path, method.upper(), operation)
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        ]

    def page(self) -> str:
        """The whole page."""
        info = self.document["info"]
        tags = "".join(self._tag(tag) for tag in self.document["tags"])
        schemas = "".join(self._schema(name, schema) for name, schema in sorted(self.components["schemas"].items()))
        problem = prose(self.components["schemas"]["Problem"]["description"])
        body = f"""
<a class="skip" href="#content">Skip to the content</a>
<header class="top"><a class="brand" href="/api"><img src="{ICON}" alt="" width="28" height="28">{escape(info["title"])}</a>
<span class="version">API {escape(info["version"])}</span><a class="raw" href="{DOCUMENT}">openapi.json</a></header>
<div class="layout">
<nav class="side" aria-label="Operations"><ul>{self._nav()}</ul></nav>
<main id="content">
<section class="intro" id="start"><h1>API reference</h1>{prose(info["description"])}{self._first_steps()}</section>
{tags}
<section class="tag" id="problems"><h2>Problems</h2>{problem}{self._problems()}</section>
<section class="tag" id="schemas"><h2>Schemas</h2>{schemas}</section>
</main>
</div>"""
        return _html("Reptrail API", body)

    def _nav(self) -> Iterator[str] | str:
        made = ['<li><a class="group" href="#start">Start</a></li>']
        for tag in self.document["tags"]:
            operations = "".join(
                f'<li><a href="#{escape(operation["operationId"])}"><span class="dot {method.lower()}" aria-hidden="true"></span>'
                f"{escape(_spoken(operation['operationId'], tag['name']))}</a></li>"
                for _, method, operation in self.operations
                if tag["name"] in operation["tags"]
            )
            name = escape(tag["name"])
            made.append(f'<li><a class="group" href="#tag-{name}">{escape(_title(tag["name"]))}</a><ul>{operations}</ul></li>')
        made.append('<li><a class="group" href="#problems">Problems</a></li><li><a class="group" href="#schemas">Schemas</a></li>')
        return "".join(made)

    def _first_steps(self) -> str:
        login = _curl("POST", "/api/v1/auth/login", {"email": "ann@example.org", "password": "..."}, signed_in=False)
        return f'<pre tabindex="0">{escape(login)}\n{escape(_curl("GET", "/api/v1/athletes/me/sessions"))}</pre>'

    def _tag(self, tag: Schema) -> str:
        operations = "".join(self._operation(*found) for found in self.operations if tag["name"] in found[2]["tags"])
        name = tag["name"]
        return f"""
<section class="tag" id="tag-{escape(name)}"><h2>{escape(_title(name))}</h2>
<div class="about">{prose(tag.get("description", ""))}</div>{operations}</section>"""

    def _operation(self, path: str, method: str, operation: Schema) -> str:
        shown_path = re.sub(r"\{(\w+)\}", r"<var>{\1}</var>", escape(path).replace("/", "/<wbr>"))
        body = operation.get("requestBody")
        parts = [
            prose(operation["description"]) if "description" in operation else "",
            self._parameters(operation.get("parameters", [])),
            self._body(body) if body else "",
            f'<h4>Example</h4><pre tabindex="0">{escape(self._example(path, method, operation))}</pre>',
            self._responses(operation["responses"]),
        ]
        operation_id = escape(operation["operationId"])
        return f"""
<article class="op" id="{operation_id}">
<h3><a href="#{operation_id}">{inline(operation["summary"])}</a></h3>
<p class="address"><span class="method {method.lower()}">{method}</span> <code>{shown_path}</code></p>
{_access(operation)}
{"".join(parts)}
</article>"""

    def _parameters(self, parameters: list[Schema]) -> str:
        rows = []
        for given in parameters:
            parameter = self._resolved(given)
            schema = parameter["schema"]
            told = self._field_text({**schema, "description": parameter.get("description", "")})
            rows.append(_row(parameter["name"], parameter["in"], self._type(schema), parameter["required"], told))
        return _table("Parameters", rows)

    def _body(self, body: Schema) -> str:
        (media_type, content), *_ = body["content"].items()
        schema = content["schema"]
        optional = "" if body["required"] else ' <span class="muted">may be left out</span>'
        told = f'<p class="muted"><code>{escape(media_type)}</code> {self._type(schema)}</p>'
        return f"<h4>Body{optional}</h4>{told}{_table('', self._fields(self._object(schema)))}"

    def _object(self, schema: Schema) -> Schema:
        """The object that a body is, or that it is a list of."""
        found = self._resolved(schema)
        for part in found.get("anyOf", []):
            if "$ref" in part:
                return self._object(part)
        return self._object(found["items"]) if "items" in found else found

    def _fields(self, schema: Schema) -> list[str]:
        required = schema.get("required", ())
        return [
            _row(name, "", self._type(field), name in required, self._field_text(field))
            for name, field in schema.get("properties", {}).items()
        ]

    def _field_text(self, field: Schema) -> str:
        told = field.get("description") or next((p["description"] for p in field.get("anyOf", []) if "description" in p), "")
        if field.get("default") not in (None, [], ""):
            stop = "." if told and not told.endswith(".") else ""
            told = f"{told}{stop} Default `{json.dumps(field['default'], ensure_ascii=False)}`.".strip()
        return str(told)

    def _type(self, schema: Schema) -> str:
        """A schema in a few words, as HTML: its type, its bounds, a link where it has a name."""
        if "$ref" in schema:
            name = escape(schema["$ref"].rpartition("/")[2])
            return f'<a href="#schema-{name}">{name}</a>'
        if "anyOf" in schema:
            return " or ".join(dict.fromkeys(self._type(part) for part in schema["anyOf"]))
        if "enum" in schema or "const" in schema:
            values = schema.get("enum", [schema.get("const")])
            return " ".join(
                f"<code>{escape(json.dumps(value) if not isinstance(value, str) else value)}</code>" for value in values
            )
        if "items" in schema:
            return f"list of {self._type(schema['items'])}{_bounds(schema, 'minItems', 'maxItems', ' items')}"
        type_ = schema.get("type", "anything")
        form = schema.get("format")
        bounds = _bounds(schema, "minimum", "maximum") + _bounds(schema, "minLength", "maxLength", " characters")
        steps = f' <span class="bounds">in steps of {schema["multipleOf"]}</span>' if "multipleOf" in schema else ""
        return escape(form or type_) + bounds + steps

    def _example(self, path: str, method: str, operation: Schema) -> str:
        address = re.sub(r"\{(\w+)\}", lambda found: "me" if found[1] == "athlete" else found[1].upper(), path)
        content = operation.get("requestBody", {}).get("content", {})
        body = next(iter(content.values()))["schema"] if content else None
        form = "multipart/form-data" in content
        sent = example(body, self.components["schemas"]) if body and not form else None
        return _curl(method, address, sent, signed_in=bool(operation["security"]), form=form)

    def _responses(self, responses: Schema) -> str:
        successes = {status: response for status, response in responses.items() if status < "400"}
        refusals = {status: response for status, response in responses.items() if status >= "400"}
        good = "".join(f"<li>{_status(status)} {self._success(response)}</li>" for status, response in successes.items())
        bad = "".join(
            f"<tr><td>{_status(status)}</td><td>{self._slugs(response)}</td></tr>" for status, response in refusals.items()
        )
        return f"""<h4>Responses</h4><ul class="responses">{good}</ul>
<details><summary>Refusals <span class="muted">{escape(", ".join(refusals))}</span></summary>
<div class="scroll"><table class="refusals"><tbody>{bad}</tbody></table></div></details>"""

    def _success(self, response: Schema) -> str:
        content = response.get("content", {})
        told = self._type(next(iter(content.values()))["schema"]) if content else escape(response["description"])
        return told + (' <span class="muted">with an ETag</span>' if "ETag" in response["headers"] else "")

    def _slugs(self, response: Schema) -> str:
        return " ".join(f'<a href="#problem-{slug}"><code>{slug}</code></a>' for slug in response["x-reptrail-problems"])

    def _problems(self) -> str:
        told: dict[str, tuple[str, str]] = {}
        for _, _, operation in self.operations:
            for status, response in operation["responses"].items():
                told |= {slug: (status, title) for slug, title in re.findall(r"`([^`]+)`: (.+)\.", response["description"])}
        rows = "".join(
            f'<tr id="problem-{escape(slug)}"><td>{_status(status)}</td><td><code>{escape(slug)}</code></td>'
            f"<td>{inline(title)}</td></tr>"
            for slug, (status, title) in sorted(told.items(), key=lambda item: item[1])
        )
        return f'<div class="scroll"><table class="refusals"><tbody>{rows}</tbody></table></div>'

    def _schema(self, name: str, schema: Schema) -> str:
        # The anchor lies inside, since a browser opens the details around what a link goes to.
        fields = self._fields(schema) if "properties" in schema else []
        told = _table("", fields) if fields else f"<p>{self._type(schema)}</p>"
        return f"""
<details class="schema"><summary><code>{escape(name)}</code></summary>
<div id="schema-{escape(name)}">{prose(schema.get("description", ""))}{told}</div></details>"""

    def _resolved(self, schema: Schema) -> Schema:
        if "$ref" not in schema:
            return schema
        _, _, kind, name = schema["$ref"].split("/")
        found: Schema = self.components[kind][name]
        return found


def _access(operation: Schema) -> str:
    scope = operation.get("x-reptrail-scope")
    if not operation["security"]:
        told = '<span class="chip open">no sign-in</span>'
    elif scope == "self":
        told = '<span class="chip">the athlete alone</span> <span class="muted">no coach, no API token</span>'
    else:
        who = escape(operation["x-reptrail-who"])
        told = f'<span class="chip">{escape(scope or "any scope")}</span> <span class="muted">{who}</span>'
    return f'<p class="access">{told}</p>'


def _bounds(schema: Schema, low: str, high: str, unit: str = "") -> str:
    least, most = schema.get(low), schema.get(high)
    if least in (None, 0) and most is None and not (least == 0 and low == "minimum"):
        return ""
    shown = [None if value is None else _number(value) for value in (least, most)]
    if shown[1] is None:
        told = f"at least {shown[0]}"
    elif shown[0] is None or (least == 0 and low != "minimum"):
        told = f"up to {shown[1]}"
    else:
        told = f"{shown[0]} to {shown[1]}"
    return f' <span class="bounds">{told}{unit}</span>'


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.9f}".rstrip("0").rstrip(".")


def _row(name: str, place: str, type_: str, required: object, told: str) -> str:
    where = f'<span class="place">{escape(place)}</span>' if place else ""
    needed = '<span class="required">required</span>' if required else ""
    return f'<tr><th scope="row"><code>{escape(name)}</code>{where}{needed}</th><td>{type_}</td><td>{inline(told)}</td></tr>'


def _table(title: str, rows: Iterable[str]) -> str:
    made = "".join(rows)
    if not made:
        return ""
    heading = f"<h4>{title}</h4>" if title else ""
    return f'{heading}<table class="fields"><tbody>{made}</tbody></table>'


def _status(status: str) -> str:
    return f'<span class="status s{status[0]}">{escape(status)}</span>'


def _title(tag: str) -> str:
    return _TITLES.get(tag, tag.capitalize())


def _spoken(operation_id: str, tag: str) -> str:
    return operation_id.removeprefix(f"{tag}_").replace("_", " ")

"""The beams: what must hold in the whole house, whatever is built into it."""

import ast
import subprocess
import sys
from pathlib import Path

import grimp
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.urls import URLPattern, get_resolver

from config import catalogue

ROOT = Path(__file__).resolve().parent.parent
APPS = ["config", "units", "tasks", "inspections", "reports"]
# Pages without a login, by name; everything else asks who you are.
PUBLIC = {"login", "set-language", "public:disclosures", "public:disclosure"}
FUNCTION, FUNCTION_P95, FILE, FILE_P95, TEMPLATE, TEST = 40, 25, 400, 250, 150, 25


def sources(*folders):
    files = [file for folder in folders for file in sorted((ROOT / folder).rglob("*.py"))]
    return [file for file in files if "migrations" not in file.parts]


def functions(file):
    """`(name, lines)` of each function, its decorators and docstring not counted: they are no work to read."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            lines = (body[-1].end_lineno - body[0].lineno + 1) if body else 0
            yield f"{file.relative_to(ROOT)}:{node.lineno} {node.name}", lines + 1


def percentile(numbers, part):
    return sorted(numbers)[int(len(numbers) * part)]


def test_imports_go_down_only():
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout


def test_no_two_modules_import_each_other():
    graph = grimp.build_graph(*APPS, cache_dir=None)

    circles = [
        (module, imported)
        for module in graph.modules
        for imported in graph.find_modules_directly_imported_by(module)
        if graph.chain_exists(importer=imported, imported=module)
        # A package's __init__ that gathers its own modules is the package's table of contents, no circle.
        and not (imported.startswith(f"{module}.") or module.startswith(f"{imported}."))
    ]

    assert circles == []


def test_nothing_is_imported_inside_a_function():
    inside = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in sources(*APPS)
        for function in ast.walk(ast.parse(file.read_text()))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    assert inside == []


def test_functions_stay_short():
    lengths = dict(item for file in sources(*APPS) for item in functions(file))

    assert {name: lines for name, lines in lengths.items() if lines > FUNCTION} == {}
    assert percentile(lengths.values(), 0.95) <= FUNCTION_P95


def test_files_stay_short():
    lengths = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in sources(*APPS)}

    assert {name: lines for name, lines in lengths.items() if lines > FILE} == {}
    assert percentile(lengths.values(), 0.95) <= FILE_P95


def test_templates_stay_short():
    lengths = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in templates()}

    assert {name: lines for name, lines in lengths.items() if lines > TEMPLATE} == {}


def test_tests_stay_short():
    lengths = dict(item for file in sources("tests") for item in functions(file) if " test_" in item[0])

    assert {name: lines for name, lines in lengths.items() if lines > TEST} == {}


def templates():
    return sorted((ROOT / "templates").rglob("*.*"))


def test_no_template_is_left_over():
    words = "\n".join(file.read_text() for file in [*sources(*APPS), *templates()])
    # Django looks these up by their names itself.
    known = {"403.html", "403_csrf.html", "404.html", "500.html"}

    unused = [
        name for file in templates() if (name := file.relative_to(ROOT / "templates").as_posix()) not in known
        and name not in words and not is_versioned(name, words)
    ]  # fmt: skip

    assert unused == []


def is_versioned(name, words):
    """`reports/scoreboard_v1.html` is asked for as `reports/scoreboard_v{version}.html`."""
    stem, mark, _number = name.removesuffix(".html").rpartition("_v")
    return bool(mark) and f"{stem}_v{{" in words


def test_no_inline_script_or_style():
    words = ("<style", " style=", "onclick=", "onchange=", "onsubmit=", "javascript:", "hx-on")
    # Paper is drawn without a browser and without a policy.
    pages = [file for file in templates() if "paper" not in file.stem and "_v1" not in file.stem]

    found = [(file.name, word) for file in pages for word in words if word in file.read_text()]

    assert found == []


def url_patterns(patterns=None, namespace=""):
    """Every `(name, pattern)` of the site, the admin's own pages apart."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLPattern):
            yield (f"{namespace}:{entry.name}" if namespace else entry.name), entry
        elif entry.namespace != "admin":
            yield from url_patterns(entry.url_patterns, entry.namespace or namespace)


def test_every_page_has_a_name():
    assert [entry for name, entry in url_patterns() if not name or name.endswith("None")] == []


def test_only_the_listed_pages_are_public():
    public = {name for name, entry in url_patterns() if not getattr(entry.callback, "login_required", True)}

    assert public == PUBLIC


@pytest.mark.django_db
def test_every_constraint_and_index_of_the_models_stands_in_the_database():
    """A migration can drop one on its way without the models knowing."""
    ours = [model for app in APPS[1:] for model in apps.get_app_config(app).get_models()]
    wanted = {one.name for model in ours for one in [*model._meta.constraints, *model._meta.indexes]}

    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint UNION SELECT relname FROM pg_class WHERE relkind = 'i'")
        found = {name for (name,) in cursor.fetchall()}

    assert wanted - found == set()


@pytest.mark.django_db
def test_migrations_are_complete():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_string_has_its_chinese():
    assert list(catalogue.problems()) == []


def test_numbers_of_an_address_are_read_by_one_function():
    """`units.filters.whole`: "²".isdigit() is true, and int() of it fails; as it does of five thousand digits."""
    doors = [file for file in sources(*APPS) if file.parent.name == "views"]

    assert [str(file) for file in doors if ".isd" in file.read_text() or "int(request" in file.read_text()] == []


def test_no_page_that_speaks_two_languages_lists_things_in_the_chinese_way():
    """`listed` knows how; papers are Chinese always."""
    pages = [page for page in (ROOT / "templates").rglob("*.html") if not page.stem.endswith("_v1")]

    assert [str(page) for page in pages if "、" in page.read_text()] == []

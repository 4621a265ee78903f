"""A file of matters, of whatever kind: its matters, or every mistake in it at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from kioskd.hall.matter import Matter, with_material_rows
from kioskd.hall.matter_checks import problems, visible
from kioskd.matter_files.from_rows import Progress, read_matters, rows_to_read
from kioskd.matter_files.table import LARGEST_BYTES, read_tables
from kioskd.reading import Mistake, Mistakes, load_toml, nearest, read_as

KINDS = (".xlsx", ".csv", ".json", ".toml")


def read_file(
    path: Path,
    lines: Mapping[str, str],
    *,
    watch: Callable[[int], Progress] = lambda rows: lambda done: None,
) -> list[Matter]:
    """The matters of a workbook, a CSV, JSON or TOML file.

    lines: the hall's lines, title by id; watch: told how many rows there are, gives what is told of each.
    Raises Mistakes: nothing is imported by half.
    """
    mistakes: list[Mistake] = []
    if path.suffix.lower() in (".json", ".toml"):
        found = _from_tree(path, lines, mistakes)
    else:
        tables = read_tables(path)
        found = read_matters(tables, lines, mistakes, watch(rows_to_read(tables)))
    if mistakes:
        raise Mistakes(mistakes)
    return found


def _from_tree(path: Path, lines: Mapping[str, str], mistakes: list[Mistake]) -> list[Matter]:
    """{"matters": [...]} as `export` writes it; a list alone will do."""
    tree = load_toml(path, mistakes) if path.suffix.lower() == ".toml" else _load_json(path, mistakes)
    if mistakes:
        return []
    items = tree.get("matters") if isinstance(tree, dict) else tree
    if not isinstance(items, list):
        mistakes.append(Mistake(str(path), "", 'has no list of matters: {"matters": [...]}'))
        return []
    found: list[Matter] = []
    seen: dict[str, dict[str, int]] = {"code": {}, "name": {}}
    for n, item in enumerate(items):
        key, label = f"matters[{n}]", str(item.get("code", "")) if isinstance(item, dict) else ""
        matter = read_as(
            with_material_rows(item), Matter, file=str(path), key=key, mistakes=mistakes, label=label
        )
        if matter is None:
            continue
        for field, problem in problems(matter):
            mistakes.append(Mistake(str(path), f"{key}.{field} ({visible(matter.code)})", problem))
        for name, values in seen.items():
            value = getattr(matter, name)
            if value in values:
                problem = f"{visible(value)!r} is given twice: matters[{values[value]}] has it too"
                mistakes.append(Mistake(str(path), f"{key}.{name}", problem))
            values.setdefault(value, n)
        if matter.line not in lines:
            problem = f"there is no line {visible(matter.line)!r}"
            mistakes.append(
                Mistake(str(path), f"{key}.line ({matter.code})", problem, nearest(matter.line, lines))
            )
        found.append(matter)
    return found


def _load_json(path: Path, mistakes: list[Mistake]) -> object:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            mistakes.append(Mistake(str(path), "", f"is larger than {LARGEST_BYTES // 1_000_000} MB"))
            return None
        return msgspec.json.decode(path.read_bytes())
    except OSError as error:
        mistakes.append(Mistake(str(path), "", f"cannot be read: {error.strerror}"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        mistakes.append(Mistake(str(path), "", f"is not JSON: {error}"))
    return None

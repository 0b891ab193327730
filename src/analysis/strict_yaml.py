"""Read YAML as it looks: no word becomes a flag, no code loses its leading noughts.

PyYAML reads YAML 1.1, where `no` is false, `010` is eight and `1:30` is ninety. Here
only `true` and `false` are flags, and a number is written as people write numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import yaml

_PREFIX = "tag:yaml.org,2002:"
_PLAIN_SHAPES = {
    "bool": ("true|True|TRUE|false|False|FALSE", "tTfF"),
    "int": ("[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    "float": (
        r"[-+]?(?:(?:0|[1-9][0-9]*)\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
        r"|[-+]?(?:0|[1-9][0-9]*)[eE][-+]?[0-9]+"
        r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
        "-+.0123456789",
    ),
}
"""How flags and numbers are written, and the characters that they may begin with."""
_KEPT = ("null", "merge", "timestamp")
_DOUBTFUL = re.compile(
    r"[-+]?0[0-9_]+(?:\.[0-9]*)?|0[xob][0-9a-fA-F_]+|[-+]?[0-9]+(?::[0-5]?[0-9])+"
    r"|[-+]?[0-9]+(?:_[0-9]+)+|[Yy]es|YES|[Nn]o|NO|[Oo]n|ON|[Oo]ff|OFF"
)


class PlainLoader(yaml.SafeLoader):
    """PyYAML's safe loader without its surprises."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        first: [pair for pair in pairs if pair[0].removeprefix(_PREFIX) in _KEPT]
        for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def _construct_day(self, node: yaml.ScalarNode) -> Any:  # noqa: ANN401 - PyYAML's
        """Build a day; a day that no calendar has is an error of the file."""
        try:
            return self.construct_yaml_timestamp(node)
        except ValueError as error:
            message = f"{node.value!r} is no day"
            raise yaml.constructor.ConstructorError(
                None, None, message, node.start_mark
            ) from error


class StrictLoader(PlainLoader):
    """The same, and the last of two equal keys does not win in silence."""

    def construct_mapping(
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[Any, Any]:
        """Build a mapping whose keys are all different.

        Parameters
        ----------
        node : yaml.MappingNode
            The mapping as it stands in the file.
        deep : bool
            Whether what is in it is built at once.

        Returns
        -------
        dict
            Its content.
        """
        keys = [str(key.value) for key, _ in node.value]
        repeated = sorted({key for key in keys if keys.count(key) > 1})
        if repeated:
            message = f"keys {repeated} stand twice"
            raise yaml.constructor.ConstructorError(
                None, None, message, node.start_mark
            )
        return super().construct_mapping(node, deep=deep)


for _name, (_shape, _first) in _PLAIN_SHAPES.items():
    PlainLoader.add_implicit_resolver(
        _PREFIX + _name, re.compile(f"(?:{_shape})$"), list(_first)
    )
PlainLoader.add_constructor(f"{_PREFIX}timestamp", PlainLoader._construct_day)


def is_doubtful(node: yaml.Node) -> bool:
    """Say whether other readers of YAML would take a value for something else.

    Parameters
    ----------
    node : yaml.Node
        A value of a file.

    Returns
    -------
    bool
        Whether it is `yes`, `010`, `1:30` or the like, without quotation marks.
    """
    if not isinstance(node, yaml.ScalarNode) or node.style is not None:
        return False
    return _DOUBTFUL.fullmatch(node.value) is not None


def find_line(node: yaml.Node, keys: Iterable[str]) -> int:
    """Find the line of what keys lead to, or of the last of them that is there.

    Parameters
    ----------
    node : yaml.Node
        The file's content.
    keys : iterable of str
        Keys and places in lists, outermost first; a place that is not in a list is
        passed over, as where one entry stands for a list of one.

    Returns
    -------
    int
        Number of the line, from 1.
    """
    line = node.start_mark.line
    for key in keys:
        if isinstance(node, yaml.MappingNode):
            found = [pair for pair in node.value if str(pair[0].value) == key]
            if found:
                line, node = found[0][0].start_mark.line, found[0][1]
        elif isinstance(node, yaml.SequenceNode) and key.isdigit():
            node = node.value[int(key)]
            line = node.start_mark.line
    return line + 1


def explain_yaml(error: Exception) -> tuple[str, str]:
    """Say what keeps a text from being YAML, and where.

    Parameters
    ----------
    error : Exception
        What reading it raised.

    Returns
    -------
    tuple of str
        The reason in a few words, and its line and column, from 1, with a comma
        before; empty where they are not known.
    """
    if isinstance(error, RecursionError):
        return "it is nested too deeply", ""
    if isinstance(error, UnicodeDecodeError):
        line = error.object[: error.start].count(b"\n") + 1
        return f"byte {error.object[error.start]:#04x} is not UTF-8", f", line {line}"
    if isinstance(error, yaml.reader.ReaderError):
        return f"character U+{error.character:04X} is not allowed", ""
    mark = getattr(error, "problem_mark", None)
    place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    said = getattr(error, "problem", None) or type(error).__name__
    return " ".join(str(said).split()), place


UNREADABLE = (yaml.YAMLError, UnicodeDecodeError, RecursionError)
"""What reading a text as YAML may raise."""

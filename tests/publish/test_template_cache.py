"""What one build compiled the next one finds, and nothing that has changed since."""

from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment
from jinja2.sandbox import SandboxedEnvironment, SecurityError, unsafe

from gen.publish import template_cache
from gen.publish.template_cache import at_render


class Counting(Environment):
    """An environment as a fresh process has it, which counts what it compiles."""

    def __init__(self, root: Path, text: str, word: str = "word") -> None:
        super().__init__(loader=DictLoader({"page": text}))
        self.filters["shown"] = at_render(lambda given: f"{word} {given}")
        self.compiled = 0
        template_cache.keep(self, root)

    def compile(self, *arguments, **named):
        self.compiled += 1
        return super().compile(*arguments, **named)

    def page(self, **arguments) -> str:
        return self.get_template("page").render(**arguments)


def test_a_template_is_compiled_in_the_first_build_alone(tmp_path):
    first, second = (Counting(tmp_path, "{{ a }} car") for _ in range(2))
    assert (first.page(a="red"), first.compiled) == ("red car", 1)
    assert (second.page(a="blue"), second.compiled) == ("blue car", 0)


def test_a_template_whose_text_has_changed_is_compiled_anew(tmp_path):
    Counting(tmp_path, "{{ a }} car").page(a="red")
    changed = Counting(tmp_path, "{{ a }} van")
    assert (changed.page(a="red"), changed.compiled) == ("red van", 1)


def test_a_filter_that_has_changed_shows_even_where_it_is_given_a_constant(tmp_path):
    assert Counting(tmp_path, "{{ 5 | shown }}").page() == "word 5"
    changed = Counting(tmp_path, "{{ 5 | shown }}", word="figure")
    assert (changed.page(), changed.compiled) == ("figure 5", 0)


def test_what_one_kind_of_environment_compiled_is_nothing_to_the_other(tmp_path):
    loader = DictLoader({"page": "{{ a() }}"})
    plain, sandboxed = Environment(loader=loader), SandboxedEnvironment(loader=loader)
    for jinja in (plain, sandboxed):
        template_cache.keep(jinja, tmp_path)
    forbidden = unsafe(lambda: "red")
    assert plain.get_template("page").render(a=forbidden) == "red"
    with pytest.raises(SecurityError):
        sandboxed.get_template("page").render(a=forbidden)


def test_a_project_that_may_not_be_written_compiles_each_time(tmp_path):
    (tmp_path / ".cache").write_text("no folder")
    for _ in range(2):
        build = Counting(tmp_path, "{{ a }} car")
        assert (build.page(a="red"), build.compiled) == ("red car", 1)

"""Which scripts a page may have: those of templates and of our elements."""

import shutil

from gen.publish.html import scripts

BASE = """<script>var top=new URL("{{ base_url }}"){% if x %}{% endif %};ours()</script>
<script id="c" type="application/json">{"a": 1}</script>
<script src="{{ 'assets/javascripts/bundle.1.js' | url }}"></script>"""


def known(tmp_path, *files: str) -> scripts.Scripts:
    """Of a theme of one template."""
    theme = tmp_path / "theme"
    shutil.rmtree(theme, ignore_errors=True)
    (theme / ".icons").mkdir(parents=True)
    (theme / "base.html").write_text(BASE)
    (theme / ".icons" / "x.html").write_text("<script>hidden()</script>")
    scripts._templates.cache_clear()
    return scripts.of([theme], files)


def test_a_template_s_script_is_known_with_the_way_to_the_top_in_it(tmp_path):
    knows = known(tmp_path).knows
    for top in (".", "../..", "/docs", "/docs/1.0", ""):
        assert knows(f'var top=new URL("{top}");ours()')


def test_any_other_is_not(tmp_path):
    knows = known(tmp_path).knows
    for text in (
        'var top=new URL("");steal();("");ours()',
        'var top=new URL("https://x");ours()',
        'var top=new URL(".");ours();steal()',
        "hidden()",
        "steal()",
        "",
    ):
        assert not knows(text), text


def test_files_are_the_theme_s_the_elements_and_those_of_mkdocs_yml(tmp_path):
    files = known(tmp_path, "assets/extra.js").files
    expected = {"assets/javascripts/bundle.1.js", "assets/js/step-lab.js", "assets/extra.js"}
    assert expected <= files
    assert "assets/js/dom.js" not in files, "no page loads it by itself"

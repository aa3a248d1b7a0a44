"""A version taken back as README says: it goes, and the one before becomes the latest."""

import re

from maintainer import ROOT, changed, run

README = (ROOT / "README.md").read_text("utf-8")


def test_the_newest_version_goes_and_the_one_before_becomes_the_latest(published):
    maintainer, before = published.clone, published.clone.tip()
    (delete,) = re.findall(r"^git fetch .*mike delete.*$", README, re.M)
    with changed(maintainer):
        assert not maintainer.git("branch", "--list", "gh-pages"), "as after a release by tag"
        run(maintainer.folder, "bash", "-e", "-c", delete.replace("0.1.0", "1.1"))
        assert set(listed(maintainer)) == {"1.0.1", "1.0"}
        assert "latest" not in maintainer.hosted("ls-tree", "--name-only", "gh-pages").split()
        assert "make publish VERSION=0.0.9 AGAIN=1" in README
        said = maintainer.published("1.0.1", SITE_URL=published.address, AGAIN="1")
        maintainer.git("branch", "--quiet", "-D", "gh-pages")
    assert said.endswith("it is latest\n")
    assert listed(maintainer) == ["1.0.1", "1.0"]
    trees = [f"gh-pages:{place}" for place in ("latest", "1.0.1")]
    assert len(set(maintainer.hosted("rev-parse", *trees).split())) == 1
    assert "latest/" in maintainer.hosted("show", "gh-pages:index.html")
    maintainer.hosted("update-ref", "refs/heads/gh-pages", before)


def listed(maintainer):
    text = maintainer.hosted("show", "gh-pages:versions.json")
    return re.findall(r'"version": "([^"]+)"', text)

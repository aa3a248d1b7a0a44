"""A page loads two style sheets at most, and looks as if it had loaded each of theirs."""

from gen.publish.html import joined_sheets

TOP = "../../assets"
BOTH = f"""<head>
  <link rel="stylesheet" href="{TOP}/stylesheets/main.css">
  <script>1</script>
  <link rel="stylesheet" href="{TOP}/css/tokens.css">
  <link rel="stylesheet" href="{TOP}/css/parts/control.css">
  <link rel="stylesheet" href="{TOP}/css/labs/lab.css">
</head>"""


def links(html: str) -> list[str]:
    return joined_sheets.LINK.findall(html)


def test_what_all_pages_share_is_one_file_and_what_a_page_adds_another():
    html, sheets = joined_sheets.join(BOTH, "ideas/one/index.html")
    common, own = links(html)
    assert sheets == {
        common.removeprefix("../../"): ("assets/stylesheets/main.css", "assets/css/tokens.css"),
        own.removeprefix("../../"): ("assets/css/parts/control.css", "assets/css/labs/lab.css"),
    }
    assert "<script>1</script>" in html
    other = BOTH.replace("lab.css", "wipe.css").replace("../../", "../")
    again, _ = joined_sheets.join(other, "task/index.html")
    assert links(again)[0] == common.removeprefix("../")
    assert links(again)[1] != own.removeprefix("../")


def test_a_sheet_alone_and_one_from_the_root_stay_as_they_are():
    rooted, lone = "/assets/css/tokens.css", "../../assets/css/labs/lab.css"
    html = "".join(f'<link rel="stylesheet" href="{way}">' for way in (rooted, rooted, lone))
    assert joined_sheets.join(html, "ideas/one/index.html") == (html, {})


def test_files_are_joined_in_order_and_their_addresses_still_lead_there(tmp_path):
    for folder in ("css", "stylesheets"):
        (tmp_path / "assets" / folder).mkdir(parents=True)
    main, tokens = tmp_path / "assets/stylesheets/main.css", tmp_path / "assets/css/tokens.css"
    main.write_text('@charset "UTF-8";a{b:url(images/x.svg)}c{d:url("data:image/x,y")}')
    tokens.write_text('@font-face{src:url("../fonts/f.woff2")}')
    paths = ("assets/stylesheets/main.css", "assets/css/tokens.css")
    joined_sheets.write(tmp_path, {"assets/css/joined-0.css": paths})
    assert (tmp_path / "assets/css/joined-0.css").read_text() == (
        '@charset "UTF-8";a{b:url("../stylesheets/images/x.svg")}c{d:url("data:image/x,y")}\n'
        '@font-face{src:url("../fonts/f.woff2")}'
    )

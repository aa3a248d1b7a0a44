"""What a reader takes along as a file."""

import alone

PAGE = "<!doctype html>"
# The address of a file that is handed over.
SAVED = """async script => {
    const {download} = await import(script)
    let address = ""
    addEventListener("click", event => {
        address = event.target.href
        event.preventDefault()
    })
    const click = HTMLAnchorElement.prototype.click
    HTMLAnchorElement.prototype.click = function () {
        document.body.append(this)
        click.call(this)
        this.remove()
    }
    download(new Blob(["a car"]), "car.txt")
    return address
}"""
READ = "address => fetch(address).then(answer => answer.text(), () => null)"


def test_a_file_is_held_until_the_browser_has_read_it_and_then_let_go(browser):
    with alone.visits(browser, PAGE, "", bytes) as visit:
        page = visit().page
        page.clock.install()
        address = page.evaluate(SAVED, "/assets/js/live/take-along.js")
        assert address.startswith("blob:")
        page.clock.run_for(10_000)
        assert page.evaluate(READ, address) == "a car"
        page.clock.run_for(600_000)
        assert page.evaluate(READ, address) is None

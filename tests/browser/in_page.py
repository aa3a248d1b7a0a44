"""Scripts that more than one test runs in a page."""

REPEATED = """(() => {
    const ids = [...document.querySelectorAll("[id]")].map(element => element.id)
    return ids.filter((id, at) => ids.indexOf(id) !== at)
})()"""
SHIFT = """new Promise(done => {
    const watch = new PerformanceObserver(list => done(list.getEntries()))
    watch.observe({type: "layout-shift", buffered: true})
    setTimeout(done, 300, [])
}).then(found => found.reduce((sum, shift) => sum + shift.value, 0))"""
TIMES = """lab => Array.from({length: lab.steps}, (_, at) => {
    const began = performance.now()
    lab.go(at + 1)
    return performance.now() - began
})"""
WRITTEN = """() => {
    window.written = []
    const fill = CanvasRenderingContext2D.prototype.fillText
    CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
        written.push(text)
        return fill.call(this, text, ...place)
    }
}"""
FINGER = {"runOnly": ["target-size"], "rules": {"target-size": {"enabled": True}}}  # axe's options

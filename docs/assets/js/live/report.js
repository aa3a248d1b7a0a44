// What judges read in a picture, as a table beside what its words ask for: facts, and how far each judge can be trusted.

/**
 * @typedef {import("./jury.js").State} State
 * @typedef {import("./jury.js").Accuracy} Accuracy
 * @typedef {import("./jury.js").Readings} Readings
 * @typedef {import("./asked.js").Asked} Asked
 * @typedef {{ title: string, asks: string | undefined, is: string, classes: string[], right: Accuracy | undefined }} Fact
 */

/** Below this a judge is not used, as in gen/study/judging/readings.py. @type {Record<string, number>} */
export const NEEDED = { share: 0.9, IoU: 0.85 };
/** @type {import("./jury.js").Kind[]} */
const KINDS = ["finish", "colour", "world", "view"];
const REACHED = { tabindex: "0", role: "region", "aria-label": "Readings of the finished picture" }; // by the keyboard
const HEAD = ["", "The words ask for", "The judge takes it for", "Right on renders never seen"];

/**
 * A table and what follows from it.
 * @param {State} state
 * @param {Readings} readings
 * @param {Asked} asked
 */
export function report(state, readings, asked) {
  const facts = [...ofWhole(state, readings, asked), ...ofParts(state, readings, asked)];
  const shown = facts.filter(({ right }) => usable(right));
  const sentences = [agreement(shown), ...facts.filter(({ right }) => !usable(right)).map(leftOut)];
  return { table: table(shown), sentences: sentences.filter(Boolean) };
}

/** @param {State} state @param {Readings} readings @param {Asked} asked @returns {Fact[]} */
function ofWhole(state, { whole }, asked) {
  return KINDS.map((kind) => ({
    title: kind[0].toUpperCase() + kind.slice(1),
    asks: asked[kind],
    is: likeliest(state.classes[kind], whole[kind]),
    classes: state.classes[kind],
    right: accuracy(state, kind, "all"),
  }));
}

/**
 * The world as the bodywork mirrors it and as it stands around the car; none where the bodywork cannot be told.
 * @param {State} state
 * @param {Readings} readings
 * @param {Asked} asked
 * @returns {Fact[]}
 */
function ofParts(state, { whole, body, background }, { world }) {
  const finish = likeliest(state.classes.finish, whole.finish);
  const mask = accuracy(state, "mask", "all");
  /** @param {string} name @param {string} of */
  const right = (name, of) => (usable(mask) ? accuracy(state, name, of) : mask);
  const told = usable(accuracy(state, "finish", "all")) ? finish : "all";
  /** @param {string} title @param {import("./jury.js").Answers} answers @param {string} name @param {string} of */
  const fact = (title, answers, name, of) => {
    const is = likeliest(state.classes.world, answers.world);
    return { title, asks: world, is, classes: state.classes.world, right: right(name, of) };
  };
  return [fact(BODY, body, "body_world", told), fact(AROUND, background, "background_world", "all")];
}

const BODY = "World on the bodywork alone";
const AROUND = "World around the car alone";

/** @param {Fact[]} facts */
function agreement(facts) {
  const [body, around] = [BODY, AROUND].map((name) => facts.find(({ title }) => title === name)?.is);
  if (!body || !around) return "";
  if (body === around) return `Bodywork and background are read as the same world: ${body}.`;
  return `Bodywork and background are read as two worlds: ${body} on the car, ${around} around it.`;
}

/** @param {Fact} fact */
function leftOut({ title, right }) {
  const why = right ? `reaches only ${rate(right)} renders, too little to rely on` : "was never put to the test";
  return `Left out is “${title}”: its judge ${why}.`;
}

/** @param {State} state @param {string} name @param {string} of */
const accuracy = (state, name, of) => state.accuracies.find((each) => each.name === name && each.of === of);

/** @param {Accuracy | undefined} right */
const usable = (right) => right !== undefined && right.value >= (NEEDED[right.unit] ?? -Infinity);

/** @param {Accuracy} right */
const rate = ({ value, n, of }) => [`${Math.round(100 * value)} % of ${n}`, of === "all" ? "" : of].join(" ").trim();

/** @param {string[]} names @param {number[]} shares */
const likeliest = (names, shares) => names[shares.indexOf(Math.max(...shares))];

// --- as elements

/** @param {Fact[]} facts */
function table(facts) {
  const all = element("table", "");
  all.className = "rows";
  const head = element("tr", "");
  head.append(...HEAD.map((text) => header(text, "col")));
  const body = facts.map((fact) => {
    const { title, asks = "nothing", right } = fact;
    const row = element("tr", "");
    const cells = [asks, read(fact), right ? rate(right) : ""].map((text) => element("td", text));
    row.append(header(title, "row"), ...cells);
    return row;
  });
  all.append(element("caption", "Opinions of the finished picture: judges that learned from our renders can be wrong"));
  all.append(wrapped("thead", [head]), wrapped("tbody", body));
  const scroll = wrapped("div", [all]);
  scroll.className = "rows-scroll";
  for (const [name, value] of Object.entries(REACHED)) scroll.setAttribute(name, value);
  return scroll;
}

/** @param {Fact} fact */
function read({ asks, is, classes }) {
  if (asks === undefined) return is;
  if (!classes.includes(asks)) return `${is}; judges know no ${asks}`;
  return `${is}, ${asks === is ? "as asked" : "not as asked"}`;
}

/** @param {string} name @param {HTMLElement[]} children */
function wrapped(name, children) {
  const all = element(name, "");
  all.append(...children);
  return all;
}

/** @param {string} text @param {string} scope */
function header(text, scope) {
  const cell = element(text ? "th" : "td", text);
  if (text) cell.setAttribute("scope", scope);
  return cell;
}

/** @param {string} name @param {string} text */
const element = (name, text) => Object.assign(document.createElement(name), { textContent: text });

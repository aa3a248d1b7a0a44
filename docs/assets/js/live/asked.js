// What a prompt asks for, in the words of the captions that the model learned from.

/**
 * @typedef {Partial<Record<import("./jury.js").Kind, string>>} Asked
 * @typedef {{ finishes: Record<string, { phrases: string[], colours: string[] }>, worlds: Record<string, string[]>,
 *   views: Record<string, string[]> }} Grammar
 * @typedef {Asked & { phrase: string }} Saying
 */

/**
 * The longest phrase of each kind counts; what no phrase names is left out.
 * @param {string} prompt
 * @param {Grammar} grammar
 * @returns {Asked}
 */
export function asked(prompt, { finishes, worlds, views }) {
  const text = ` ${prompt.toLowerCase().replace(/[^\p{L}\p{N}-]+/gu, " ")} `;
  /** @param {Saying[]} sayings */
  const longest = (sayings) => {
    const said = sayings.filter(({ phrase }) => text.includes(` ${phrase.toLowerCase()} `));
    const { phrase, ...meaning } = said.sort((a, b) => b.phrase.length - a.phrase.length)[0] ?? {};
    return meaning;
  };
  return { ...longest(paints(finishes)), ...longest(named("world", worlds)), ...longest(named("view", views)) };
}

/**
 * @param {Grammar["finishes"]} finishes
 * @returns {Saying[]}
 */
function paints(finishes) {
  const whole = Object.entries(finishes).flatMap(([finish, { phrases, colours }]) =>
    colours.flatMap((colour) =>
      phrases.map((words) => ({ phrase: words.replace("{colour}", colour), finish, colour })),
    ),
  );
  return [...whole, ...whole.map(({ colour }) => ({ phrase: colour, colour }))];
}

/**
 * @param {"world" | "view"} kind
 * @param {Record<string, string[]>} phrases by name; a name alone says as much
 * @returns {Saying[]}
 */
const named = (kind, phrases) =>
  Object.entries(phrases).flatMap(([name, words]) => [...words, name].map((phrase) => ({ phrase, [kind]: name })));

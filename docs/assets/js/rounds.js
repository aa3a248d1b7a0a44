// Rounds of a game: one is on show, and the next is one that has no answer yet.

/**
 * @param {HTMLElement[]} rounds
 * @param {number} at
 */
export function showOnly(rounds, at) {
  for (const [number, round] of rounds.entries()) round.hidden = number !== at;
}

/**
 * The next round after this one that has no answer; this one, if all have.
 * @param {HTMLElement[]} rounds
 * @param {number} at
 */
export function nextOf(rounds, at) {
  const order = rounds.map((_, step) => (at + 1 + step) % rounds.length);
  return order.find((number) => !rounds[number].dataset.choice) ?? at;
}

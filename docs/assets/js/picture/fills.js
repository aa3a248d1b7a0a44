// The places that a prompt fills, as far as its words tell, and whether its file names a model that reads otherwise.

const PLACES = 75; // of the 77 that are read: without start and end
const NEAR = 0.7; // of them: at least so many pieces are likely too many
const MOST = 20_000; // letters that are looked at
const PIECES = /'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\p{White_Space}\p{L}\p{N}]+/gu; // CLIP's tokenizer joins none of these
const TAKEN_OUT = /<[^<>]{1,200}>|\\[()]|[()[\]{}]|:-?[\d.]+(?=[)\]])|&#?\w{1,10};/g; // weights and the like, as tools write them
const CHOICES = /\[[^[\]]*\]/g;
const LATIN = /^[\p{Script=Latin}\p{White_Space}\x20-\x7e‘’“”–—…]*$/u;
const CLIP = /clip[-_ ]?l(?![a-z])|clip[-_ ]vit[-_ ]large|vit[-_ ]?l[-_ ]14/i; // Stable Diffusion 1.5's text encoder
const OTHERS =
  /(?<![a-z])(?:flux|chroma|s(?:table[-_ ]?)?d(?:iffusion)?[-_ ]?(?:xl|v?[23](?![\da-f]))|xl(?![a-z])|pony(?!tail)|illustrious|noob[-_ ]?ai|t5(?=[-_ x]|$)|umt5|pixart|hunyuan|hidream|qwen|z[-_ ]?image|lumina|kolors|cascade|w(?:ü|ue)rstchen|aura[-_ ]?flow|wan[-_ ]?2|ltx|sana(?![a-z])|cosmos|cogview|gemma|llama|mistral|dall[-_ ·]?e|midjourney|imagen|ideogram|kandinsky|deepfloyd|n(?:ovel)?ai[-_ ]diffusion)/i;
const CAMELS = /(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g; // where names of nodes and models part without a space

/** @typedef {import("../settings/web-ui.js").Settings} Settings */

/**
 * What is said of the places that a prompt fills.
 * @param {string} text
 * @param {Settings} settings of the same file
 * @param {boolean} ours a picture of this site's, whose models part a text as Stable Diffusion 1.5 does
 */
export function fills(text, settings, ours) {
  const other = ours ? "" : another(settings);
  if (other) return `The settings name ${other} reads a prompt, our sources do not say.`;
  const count = least(text);
  const read = ours ? "It" : "Read as Stable Diffusion 1.5 reads, it";
  if (count > PLACES)
    return `${read} needs at least ${count} places, and there are ${PLACES} between start and end: its end lies beyond them.`;
  if (!LATIN.test(text.slice(0, MOST)))
    return "It has letters or signs that are not Latin: into how many pieces those fall, and so how many places it fills, this page cannot tell.";
  const over = count > PLACES * NEAR ? ", so its end may lie beyond them" : "";
  return `${read} fills at least ${count} of the ${PLACES} places between start and end${over}.`;
}

/**
 * The least pieces that CLIP's tokenizer parts a text into, with or without what tools take out of it.
 * @param {string} text
 */
export function least(text) {
  const even = text.slice(0, MOST).normalize("NFC").replace(/[‘’]/g, "'");
  const bare = even.replace(CHOICES, (all) => (/[:|]/.test(all) ? "" : all)).replace(TAKEN_OUT, "");
  return (bare.toLowerCase().match(PIECES) ?? []).length;
}

/**
 * What a file names that has another text encoder than Stable Diffusion 1.5's, as it names it; nothing where nothing does.
 * @param {Settings} settings
 */
export function another({ model = "", encoder = "", vae = "", others = "" }) {
  const names = encoder.split(", ").filter((name) => name && !CLIP.test(name));
  const all = [model, vae, others].join(", ");
  const [known] = OTHERS.exec(`${all}, ${all.replace(CAMELS, " ")}`) ?? [];
  if (names.length) return `another text encoder, “${names[0].slice(0, 80)}”: how that`;
  return known ? `“${known}”: how its text encoder` : "";
}

// Files of the site as the engine reads them: JSON, bytes with progress, tensors.

/** @typedef {{ dtype: string, shape: number[], data_offsets: [number, number] }} Entry */

/** A file that did not come whole. */
export class NotLoaded extends Error {}

/**
 * A file of JSON. Raises NotLoaded as `bytes` does, and where something else came in its place, as a network's own page.
 * @param {string | URL} address
 * @returns {Promise<any>}
 */
export async function json(address) {
  const text = new TextDecoder().decode(await bytes(address));
  try {
    return JSON.parse(text);
  } catch {
    throw new NotLoaded(`${named(address)} is not what came`);
  }
}

/** @param {string | URL} address */
const named = (address) => new URL(address).pathname.split("/").slice(-2).join("/");

/**
 * A whole file. Raises NotLoaded where it is not there or ends early.
 * @param {string | URL} address
 * @param {(bytes: number) => void} [tell] how many bytes more have come
 */
export async function bytes(address, tell = () => {}) {
  const name = named(address);
  const reply = await fetch(address).catch(() => null);
  if (!reply?.ok) throw new NotLoaded(`${name} did not come (${reply?.status ?? "no answer"})`);
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  const reader = reply.body?.getReader();
  const next = () => reader?.read().catch(() => Promise.reject(new NotLoaded(`${name} came in part`)));
  for (let part = await next(); part?.value; part = await next()) {
    parts.push(part.value);
    tell(part.value.length);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/**
 * The tensors of a safetensors file, by name, and what its writer says of them. Raises NotLoaded where its end is missing.
 * @param {Uint8Array<ArrayBuffer>} file
 * @param {string} name
 */
export function tensors(file, name) {
  const length = file.length < 8 ? Infinity : Number(new DataView(file.buffer).getBigUint64(0, true));
  if (8 + length > file.length) throw new NotLoaded(`${name} came in part`);
  const { __metadata__: about = {}, ...rest } = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
  /** @type {Record<string, Entry>} */
  const entries = rest;
  const end = Math.max(...Object.values(entries).map((entry) => entry.data_offsets[1]));
  if (8 + length + end > file.length) throw new NotLoaded(`${name} came in part`);
  return { entries, about, body: file.subarray(8 + length) };
}

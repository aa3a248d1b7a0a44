// How a picture comes to the page: chosen, pasted, or dropped anywhere on it, which else would open it in the page's place.

/**
 * @param {HTMLElement} root
 * @param {(file: Blob) => void} give
 * @param {AbortSignal} signal
 */
export function onBrought(root, give, signal) {
  /**
   * @param {Event} event
   * @param {DataTransfer | null} data
   */
  const hand = (event, data) => {
    const files = [...(data?.files ?? [])];
    const file = files.find(({ type }) => type.startsWith("image/")) ?? files[0];
    if (!file) return;
    event.preventDefault();
    give(file);
  };
  root.addEventListener("change", ({ target }) => chosen(target, give), { signal });
  addEventListener("dragover", (event) => holdsFiles(event) && event.preventDefault(), { signal });
  addEventListener("drop", (event) => hand(event, event.dataTransfer), { signal });
  addEventListener("paste", (event) => hand(event, event.clipboardData), { signal });
}

/**
 * @param {EventTarget | null} target
 * @param {(file: Blob) => void} give
 */
function chosen(target, give) {
  if (!(target instanceof HTMLInputElement) || target.type !== "file" || !target.files?.[0]) return;
  give(target.files[0]);
  target.value = ""; // the same file can be chosen again
}

/** @param {DragEvent} event */
const holdsFiles = ({ dataTransfer }) => dataTransfer?.types.includes("Files") ?? false;

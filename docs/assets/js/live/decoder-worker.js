// The decoder in a worker of its own, so that the loop never waits for a picture.

import { answer } from "./messages.js";
import { decoder } from "./pipeline.js";

/** @typedef {(told: import("./messages.js").FromDecoder, given?: Transferable[]) => void} Tell */

/** @type {import("./decoder.js").Decoder | undefined} */
let half;

answer(
  /**
   * @param {import("./messages.js").ToDecoder} message
   * @param {Tell} tell
   */
  async (message, tell) => {
    if (message.type === "load") {
      const parts = await decoder(message.folder, message.size, (bytes) => tell({ type: "loading", bytes }));
      half = parts.decoder;
      tell({ type: "loaded" });
    } else if (half) {
      const picture = half.run(message.latents);
      const { run, i } = message;
      tell({ type: "painted", run, i, picture }, [picture.buffer]);
    }
  },
);

// The judges in a worker of their own: a picture in, what it is read as out.

import { bytes } from "./files.js";
import { Jury } from "./jury.js";
import { kernels } from "./memory.js";
import { answer } from "./messages.js";

/** @typedef {(told: import("./messages.js").FromJury, given?: Transferable[]) => void} Tell */

/** @type {Jury | undefined} */
let jury;

answer(
  /**
   * @param {import("./messages.js").ToJury} message
   * @param {Tell} tell
   */
  async (message, tell) => {
    if (message.type === "load") {
      const [memory, file] = await Promise.all([kernels(), bytes(message.file)]);
      jury = new Jury(memory, file, new URL(message.file).pathname.split("/").at(-1) ?? "");
      tell({ type: "loaded", state: jury.state });
    } else if (jury) {
      const readings = jury.read(message.picture);
      tell({ type: "read", readings }, [readings.mask.buffer]);
    }
  },
);

// The marks around the metal, in their order.

export const BODY = ["edge-1", "edge-2", "edge-3", "edge-4", "edge-5", "edge-6"];

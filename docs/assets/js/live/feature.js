// Whether a browser knows 128-bit SIMD: the smallest module that has one such instruction.

const MODULE = [
  ...[0, 97, 115, 109, 1, 0, 0, 0], // the mark of a module
  ...[1, 5, 1, 96, 0, 1, 123], // a type: nothing -> v128
  ...[3, 2, 1, 0], // a function of it
  ...[10, 8, 1, 6, 0, 65, 0, 253, 15, 11], // i32.const 0, i8x16.splat
];

export function simd() {
  return WebAssembly.validate(Uint8Array.from(MODULE));
}

// The noise of torch.randn on a CPU with AVX2, bit for bit: Mersenne Twister, then Box and Muller's way in single
// precision, 16 values at a time, with the polynomials of Cephes, their products and sums rounded once.

const f = Math.fround;
const bits = new DataView(new ArrayBuffer(8));

/**
 * a * b + c in single precision, rounded once: where the double lies between two singles, its own error decides.
 * @param {number} a
 * @param {number} b
 * @param {number} c
 */
function fused(a, b, c) {
  const product = a * b;
  const sum = product + c;
  bits.setFloat64(0, sum);
  const low = bits.getUint32(4);
  if ((low & 0x1fffffff) !== 0x10000000) return f(sum);
  const part = sum - product;
  const error = product - (sum - part) + (c - part); // exact: Knuth's sum of two
  if (error === 0) return f(sum);
  bits.setUint32(4, low + (error > 0 === sum > 0 ? 1 : -1));
  return f(bits.getFloat64(0));
}

/**
 * Random whole numbers of 32 bits: Matsumoto and Nishimura's MT19937.
 * @param {number} seed of which the low 32 bits count, as for torch
 */
function twister(seed) {
  const state = new Uint32Array(624);
  state[0] = seed;
  for (let j = 1; j < 624; j++) state[j] = Math.imul(1812433253, state[j - 1] ^ (state[j - 1] >>> 30)) + j;
  let next = 624;
  const turn = () => {
    for (let j = 0; j < 624; j++) {
      const both = (state[j] & 0x80000000) | (state[(j + 1) % 624] & 0x7fffffff);
      state[j] = state[(j + 397) % 624] ^ (both >>> 1) ^ (state[(j + 1) % 624] & 1 ? 0x9908b0df : 0);
    }
    next = 0;
  };
  return () => {
    if (next === 624) turn();
    let y = state[next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  };
}

/** @param {number[]} values */
const singles = (values) => values.map(f);
const LOG = singles([
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
]);
const [LOG2_LOW, LOG2_HIGH, ROOT_HALF] = singles([-2.1219444e-4, 0.693359375, Math.SQRT1_2]);

/** @param {number} x above 0, at most 1 */
function log(x) {
  bits.setFloat32(0, x);
  const whole = bits.getUint32(0);
  bits.setUint32(0, (whole & 0x007fffff) | 0x3f000000);
  const part = bits.getFloat32(0); // 0.5 to 1
  const small = part < ROOT_HALF;
  const e = (whole >>> 23) - (small ? 127 : 126);
  const d = small ? f(f(part - 1) + part) : f(part - 1);
  const z = f(d * d);
  let y = LOG[0];
  for (const factor of LOG.slice(1)) y = fused(y, d, factor);
  y = fused(f(y * d), z, f(e * LOG2_LOW));
  y = fused(-z, 0.5, y);
  return fused(e, LOG2_HIGH, f(d + y));
}

const EIGHTHS = f(4 / Math.PI);
const QUARTERS = singles([-0.78515625, -2.4187564849853516e-4, -3.774894977445941e-8]);
const SINE = singles([-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1]);
const COSINE = singles([2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2]);

/** @param {number} angle not negative */
function sineAndCosine(angle) {
  const j = (Math.trunc(f(angle * EIGHTHS)) + 1) & ~1;
  let x = angle;
  for (const part of QUARTERS) x = fused(j, part, x);
  const z = f(x * x);
  let c = fused(fused(COSINE[0], z, COSINE[1]), z, COSINE[2]);
  c = f(fused(f(c * z), z, -f(z * 0.5)) + 1);
  let s = fused(fused(SINE[0], z, SINE[1]), z, SINE[2]);
  s = fused(f(s * z), x, x);
  const [sine, cosine] = j & 2 ? [c, s] : [s, c];
  return [j & 4 ? -sine : sine, (j - 2) & 4 ? cosine : -cosine];
}

const TURN = f(2 * Math.PI);

/**
 * @param {number} seed
 * @param {number} count a multiple of 16
 * @param {number} after so many draws
 */
export function randn(seed, count, after = 0) {
  const random = twister(seed);
  for (let i = 0; i < after * count; i++) random();
  const x = Float32Array.from({ length: count }, () => (random() & 0xffffff) / 0x1000000);
  for (let from = 0; from < count; from += 16)
    for (let i = from; i < from + 8; i++) {
      const radius = f(Math.sqrt(f(-2 * log(f(1 - x[i])))));
      const [sine, cosine] = sineAndCosine(f(TURN * x[i + 8]));
      x[i] = radius * cosine + 0; // torch adds a mean, so no zero is negative
      x[i + 8] = radius * sine + 0;
    }
  return x;
}

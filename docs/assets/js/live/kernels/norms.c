// Norms, bends and what else goes value by value.

#include "simd.h"

#define MOST 1024 // channels

// One picture [n][C]; C is a multiple of 4 and of `groups`
EXPORT(group_norm)(const float *x, float *out, int n, int C, int groups, float eps, const float *gain,
                   const float *shift, int silu) {
  static float s[MOST], q[MOST];
  static double sums[MOST], squares[MOST];
  for (int c = 0; c < C; c++) sums[c] = squares[c] = 0;
  for (int from = 0; from < n; from += 64) { // single precision over 64 positions, double over them
    int to = from + 64 < n ? from + 64 : n;
    for (int c = 0; c < C; c += 4) {
      Four a = ALL(0), b = ALL(0);
      for (int i = from; i < to; i++) {
        Four v = LOAD(x + i * C + c);
        a = ADD(a, v);
        b = MADD(v, v, b);
      }
      STORE(s + c, a);
      STORE(q + c, b);
    }
    for (int c = 0; c < C; c++) sums[c] += s[c], squares[c] += q[c];
  }
  int per = C / groups;
  for (int c = 0; c < C; c += per) {
    double a = 0, b = 0;
    for (int i = c; i < c + per; i++) a += sums[i], b += squares[i];
    a /= (double)n * per;
    b = b / ((double)n * per) - a * a;
    float by = 1.0f / __builtin_sqrtf((float)b + eps);
    for (int i = c; i < c + per; i++) s[i] = by * gain[i], q[i] = shift[i] - (float)a * s[i];
  }
  for (int i = 0; i < n; i++)
    for (int c = 0; c < C; c += 4) {
      Four v = MADD(LOAD(x + i * C + c), LOAD(s + c), LOAD(q + c));
      STORE(out + i * C + c, silu ? four_silu(v) : v);
    }
}

EXPORT(layer_norm)(const float *x, float *out, int rows, int C, float eps, const float *gain, const float *shift) {
  for (int r = 0; r < rows; r++, x += C, out += C) {
    Four a = ALL(0), b = ALL(0);
    for (int c = 0; c < C; c += 4) a = ADD(a, LOAD(x + c));
    Four mean = ALL(total(a) / C);
    for (int c = 0; c < C; c += 4) {
      Four v = SUB(LOAD(x + c), mean);
      b = MADD(v, v, b);
    }
    Four by = ALL(1.0f / __builtin_sqrtf(total(b) / C + eps));
    for (int c = 0; c < C; c += 4)
      STORE(out + c, MADD(MUL(SUB(LOAD(x + c), mean), by), LOAD(gain + c), LOAD(shift + c)));
  }
}

EXPORT(silu)(float *x, int n) {
  for (int i = 0; i < n; i += 4) STORE(x + i, four_silu(LOAD(x + i)));
}

EXPORT(quick_gelu)(float *x, int n) {
  for (int i = 0; i < n; i += 4) {
    Four v = LOAD(x + i);
    STORE(x + i, wasm_f32x4_div(v, ADD(ALL(1), four_exp(MUL(v, ALL(-1.702f))))));
  }
}

// x[rows][2 C] -> out[rows][C]: the first half times GELU of the second (erf: Abramowitz and Stegun 7.1.26)
EXPORT(geglu)(const float *x, float *out, int rows, int C) {
  for (int r = 0; r < rows; r++, x += 2 * C, out += C)
    for (int c = 0; c < C; c += 4) {
      Four v = LOAD(x + C + c), z = MUL(wasm_f32x4_abs(v), ALL(0.70710678118654752f));
      Four t = wasm_f32x4_div(ALL(1), MADD(z, ALL(0.3275911f), ALL(1)));
      Four y = MADD(ALL(1.061405429f), t, ALL(-1.453152027f));
      y = MADD(y, t, ALL(1.421413741f));
      y = MADD(y, t, ALL(-0.284496736f));
      y = MUL(MADD(y, t, ALL(0.254829592f)), t);
      y = MUL(MUL(y, four_exp(wasm_f32x4_neg(MUL(z, z)))), ALL(0.5f)); // half of erfc |z|
      y = wasm_v128_bitselect(y, SUB(ALL(1), y), wasm_f32x4_lt(v, ALL(0)));
      STORE(out + c, MUL(LOAD(x + c), MUL(v, y)));
    }
}

// a[n][A], b[n][B] -> out[n][A + B]
EXPORT(join)(const float *a, int A, const float *b, int B, float *out, int n) {
  for (int i = 0; i < n; i++, a += A, b += B, out += A + B) {
    for (int c = 0; c < A; c += 4) STORE(out + c, LOAD(a + c));
    for (int c = 0; c < B; c += 4) STORE(out + A + c, LOAD(b + c));
  }
}

// Rows of 8, of which red, green and blue from -1 to 1 -> RGBA from 0 to 255
EXPORT(rgba)(const float *x, uint8_t *out, int n) {
  for (int i = 0; i < n; i++, x += 8, out += 4) {
    for (int c = 0; c < 3; c++) {
      float v = (x[c] * 0.5f + 0.5f) * 255;
      out[c] = (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : __builtin_rintf(v));
    }
    out[3] = 255;
  }
}

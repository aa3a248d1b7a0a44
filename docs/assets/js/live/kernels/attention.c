// What attention needs between its products: keys and values in panels, scores as shares.

#include "simd.h"

// keys[T][d], rows `row` apart -> panels of their transpose, [T / 8][d][8]
EXPORT(key_panels)(const float *keys, int row, int T, int d, float *to) {
  for (int t = 0; t < T; t += 8)
    for (int i = 0; i < d; i++)
      for (int j = 0; j < 8; j++) *to++ = t + j < T ? keys[(t + j) * row + i] : 0;
}

// values[T][d] -> [d / 8][T rounded up to 8][8]
EXPORT(value_panels)(const float *values, int row, int T, int d, float *to) {
  int rounded = (T + 7) & ~7;
  for (int n = 0; n < d; n += 8)
    for (int t = 0; t < rounded; t++)
      for (int j = 0; j < 8; j++) *to++ = t < T ? values[t * row + n + j] : 0;
}

// Rows of scores, T rounded up to 8 -> shares of the first T, or where causal of the first row + 1. Adds them to `reads`
// unless that is 0.
EXPORT(shares)(float *x, int rows, int T, float scale, int causal, float *reads) {
  int rounded = (T + 7) & ~7;
  for (int r = 0; r < rows; r++, x += rounded) {
    int n = causal ? r + 1 : T;
    float top = -1e30f;
    for (int i = 0; i < n; i++) top = x[i] > top ? x[i] : top;
    for (int i = n; i < rounded; i++) x[i] = -1e30f;
    Four sum = ALL(0), highest = ALL(top), by = ALL(scale);
    for (int i = 0; i < rounded; i += 4) {
      Four e = four_exp(MUL(SUB(LOAD(x + i), highest), by));
      STORE(x + i, e);
      sum = ADD(sum, e);
    }
    Four share = ALL(1 / total(sum));
    for (int i = 0; i < rounded; i += 4) STORE(x + i, MUL(LOAD(x + i), share));
    for (int i = n; i < rounded; i++) x[i] = 0;
    if (!reads) continue;
    for (int i = 0; i < rounded; i += 4) STORE(reads + i, ADD(LOAD(reads + i), LOAD(x + i)));
    reads += rounded;
  }
}

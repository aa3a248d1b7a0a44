// Products of matrices, of which linear layers, direct convolutions and attention are made.

#include "simd.h"

#define BLOCK 48 // rows that stay in the nearest memory while all panels of weights pass by

float zeros[4096] __attribute__((aligned(16))); // not static: as a constant it would be 16 KB of the file

static inline const float *input(const float *a, int row, const int *table, int m, int taps, int tap) {
  if (!table) return a + m * row;
  int place = table[m * taps + tap];
  return place < 0 ? zeros : a + place * row;
}

#define ROW(i) const float *p##i = input(a, row, table, m + i, taps, tap)
#define TIMES(i, j)                                                                                                    \
  {                                                                                                                    \
    Four x = SPREAD(p##i + (j));                                                                                       \
    c##i##0 = MADD(x, b0, c##i##0);                                                                                    \
    c##i##1 = MADD(x, b1, c##i##1);                                                                                    \
  }
#define STEP(j)                                                                                                        \
  {                                                                                                                    \
    Four b0 = LOAD(w + 8 * (j)), b1 = LOAD(w + 8 * (j) + 4);                                                           \
    TIMES(0, j) TIMES(1, j) TIMES(2, j) TIMES(3, j)                                                                    \
  }
#define PUT(i)                                                                                                         \
  {                                                                                                                    \
    int at = (m + i) * out_row + n;                                                                                    \
    if (add) c##i##0 = ADD(c##i##0, LOAD(add + at)), c##i##1 = ADD(c##i##1, LOAD(add + at + 4));                       \
    STORE(out + at, c##i##0);                                                                                          \
    STORE(out + at + 4, c##i##1);                                                                                      \
  }

// out[m][n] = bias[n] + sum over taps and k of a[table[m][tap]][k] * weights[n][tap][k] (+ add[m][n]); a table's -1
// stands for zeros. M is at least 4, K a multiple of 4; weights lie in panels of 8 outputs, [N / 8][taps][K][8]; N is
// rounded up to 8, and every row of `out` has room for that.
EXPORT(product)(const float *a, int row, const int *table, int taps, int K, const float *weights, int N,
                const float *bias, float *out, int out_row, const float *add, int M) {
  for (int from = 0; from < M; from += BLOCK) {
    int to = from + BLOCK < M ? from + BLOCK : M;
    for (int n = 0; n < N; n += 8) {
      const float *panel = weights + n * taps * K;
      Four bias0 = bias ? LOAD(bias + n) : ALL(0), bias1 = bias ? LOAD(bias + n + 4) : ALL(0);
      for (int next = from; next < to; next += 4) {
        int m = next + 4 > M ? M - 4 : next;
        Four c00 = bias0, c01 = bias1, c10 = bias0, c11 = bias1, c20 = bias0, c21 = bias1, c30 = bias0, c31 = bias1;
        const float *w = panel;
        for (int tap = 0; tap < taps; tap++) {
          ROW(0); ROW(1); ROW(2); ROW(3);
          for (int k = 0; k < K; k += 4) {
            STEP(0) STEP(1) STEP(2) STEP(3)
            p0 += 4, p1 += 4, p2 += 4, p3 += 4, w += 32;
          }
        }
        PUT(0) PUT(1) PUT(2) PUT(3)
      }
    }
  }
}

// 3 x 3 convolutions by Winograd's way, F(4 x 4, 3 x 3): a tile of 6 x 6 inputs and the 3 x 3 weights are both turned
// into 36 numbers, whose products turn back into 4 x 4 outputs. A quarter of the multiplications of the direct way.

#include "simd.h"

#define POINTS 36

// Rows of the three matrices, from Lavin and Gray's paper for the points 0, 1, -1, 2, -2 and infinity.
static inline void turn_input(const Four *d, int step, Four *to) {
  Four a = SUB(d[4 * step], MUL(ALL(4), d[2 * step])), b = SUB(d[3 * step], MUL(ALL(4), d[step]));
  Four c = SUB(d[4 * step], d[2 * step]), e = MUL(ALL(2), SUB(d[3 * step], d[step]));
  to[0] = ADD(MUL(ALL(4), SUB(d[0], d[2 * step])), c);
  to[step] = ADD(a, b);
  to[2 * step] = SUB(a, b);
  to[3 * step] = ADD(c, e);
  to[4 * step] = SUB(c, e);
  to[5 * step] = ADD(MUL(ALL(4), SUB(d[step], d[3 * step])), SUB(d[5 * step], d[3 * step]));
}

static inline void turn_output(const Four *m, int step, Four *to, int to_step) {
  Four s1 = ADD(m[step], m[2 * step]), d1 = SUB(m[step], m[2 * step]);
  Four s2 = ADD(m[3 * step], m[4 * step]), d2 = SUB(m[3 * step], m[4 * step]);
  to[0] = ADD(ADD(m[0], s1), s2);
  to[to_step] = MADD(d2, ALL(2), d1);
  to[2 * to_step] = MADD(s2, ALL(4), s1);
  to[3 * to_step] = ADD(MADD(d2, ALL(8), d1), m[5 * step]);
}

static inline void turn_weights(const float *g, int step, float *to, int to_step) {
  float a = g[0], b = g[step], c = g[2 * step];
  to[0] = a / 4;
  to[to_step] = -(a + b + c) / 6;
  to[2 * to_step] = -(a - b + c) / 6;
  to[3 * to_step] = a / 24 + b / 12 + c / 6;
  to[4 * to_step] = a / 24 - b / 12 + c / 6;
  to[5 * to_step] = c;
}

// weights[N][K][9] -> [36][N / 8][K][8], zeros behind the last
EXPORT(winograd_weights)(const float *from, float *to, int N, int K) {
  int rows = (N + 7) & ~7;
  for (int n = 0; n < rows; n++)
    for (int k = 0; k < K; k++) {
      float half[18], whole[POINTS] = {0};
      if (n < N) {
        const float *g = from + (n * K + k) * 9;
        for (int x = 0; x < 3; x++) turn_weights(g + x, 3, half + x, 3);
        for (int y = 0; y < 6; y++) turn_weights(half + 3 * y, 1, whole + 6 * y, 1);
      }
      for (int i = 0; i < POINTS; i++) to[((i * rows / 8 + n / 8) * K + k) * 8 + n % 8] = whole[i];
    }
}

typedef struct {
  int height, width, across; // of the outputs, and how many tiles stand side by side
  int doubled;               // whether each input stands for 2 x 2
} Grid;

// The inputs of tiles from..to -> room[36][tiles][K]
static void inputs(const float *x, Grid g, int K, int from, int to, float *room) {
  int width = g.width >> g.doubled, step = (to - from) * K;
  for (int tile = from; tile < to; tile++) {
    int top = tile / g.across * 4 - 1, left = tile % g.across * 4 - 1;
    for (int k = 0; k < K; k += 4) {
      Four d[POINTS], half[POINTS];
      for (int y = 0; y < 6; y++)
        for (int i = 0; i < 6; i++) {
          int v = top + y, u = left + i, outside = v < 0 || v >= g.height || u < 0 || u >= g.width;
          d[6 * y + i] = outside ? ALL(0) : LOAD(x + ((v >> g.doubled) * width + (u >> g.doubled)) * K + k);
        }
      for (int i = 0; i < 6; i++) turn_input(d + i, 6, half + i);
      for (int y = 0; y < 6; y++) turn_input(half + 6 * y, 1, d + 6 * y);
      float *at = room + (tile - from) * K + k;
      for (int i = 0; i < POINTS; i++) STORE(at + i * step, d[i]);
    }
  }
}

// room[36][tiles][N] -> the outputs of tiles from..to
static void outputs(const float *room, Grid g, int N, int from, int to, const float *bias, const float *add, float *out) {
  int step = (to - from) * N;
  for (int tile = from; tile < to; tile++) {
    int top = tile / g.across * 4, left = tile % g.across * 4;
    for (int n = 0; n < N; n += 4) {
      Four m[POINTS], half[24], y[16], more = LOAD(bias + n);
      const float *at = room + (tile - from) * N + n;
      for (int i = 0; i < POINTS; i++) m[i] = LOAD(at + i * step);
      for (int i = 0; i < 6; i++) turn_output(m + i, 6, half + i, 6);
      for (int i = 0; i < 4; i++) turn_output(half + 6 * i, 1, y + 4 * i, 1);
      for (int v = 0; v < 4 && top + v < g.height; v++)
        for (int u = 0; u < 4 && left + u < g.width; u++) {
          int place = ((top + v) * g.width + left + u) * N + n;
          Four sum = ADD(y[4 * v + u], more);
          STORE(out + place, add ? ADD(sum, LOAD(add + place)) : sum);
        }
    }
  }
}

// A convolution of x[height][width][K], or of that with each value standing for 2 x 2, to out[height][width][N], both
// sides those of the outputs. `room` holds 36 * block * (K + N) values; block is at least 4, N a multiple of 8.
EXPORT(winograd)(const float *x, int height, int width, int doubled, int K, const float *weights, int N,
                 const float *bias, float *out, const float *add, float *room, int block) {
  Grid g = {height, width, (width + 3) / 4, doubled};
  int tiles = g.across * ((height + 3) / 4);
  for (int from = 0; from < tiles; from += block) {
    int to = from + block < tiles ? from + block : tiles, count = to - from;
    if (count < 4 && tiles >= 4) from = to - 4, count = 4; // a product has at least four rows
    float *turned = room, *products = room + POINTS * block * K;
    inputs(x, g, K, from, to, turned);
    for (int i = 0; i < POINTS; i++)
      product(turned + i * count * K, K, 0, 1, K, weights + i * N * K, N, 0, products + i * count * N, N, 0, count);
    outputs(products, g, N, from, to, bias, add, out);
  }
}

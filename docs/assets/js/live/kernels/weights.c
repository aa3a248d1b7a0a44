// Weights as a file holds them -> as the products want them.

#include "simd.h"

static inline float single(uint16_t half) {
  union {
    uint32_t bits;
    float value;
  } u = {(uint32_t)(half & 0x7fff) << 13};
  u.value *= 0x1p112f; // also right for the smallest numbers
  u.bits |= (uint32_t)(half & 0x8000) << 16;
  return u.value;
}

EXPORT(halves)(const uint16_t *from, float *to, int n) {
  for (int i = 0; i < n; i++) to[i] = single(from[i]);
}

// weights[N][K][taps] -> [N / 8][taps][K][8], zeros behind the last
EXPORT(panels)(const float *from, float *to, int N, int K, int taps) {
  for (int n = 0; n < N; n += 8)
    for (int tap = 0; tap < taps; tap++)
      for (int k = 0; k < K; k++)
        for (int j = 0; j < 8; j++) *to++ = n + j < N ? from[((n + j) * K + k) * taps + tap] : 0;
}

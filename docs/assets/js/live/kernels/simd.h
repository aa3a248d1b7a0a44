// What all kernels share: four single-precision values at a time, and the exponential of four.
// Pictures lie position by position, their channels together, [height][width][channels]; sizes are counted in values.

#include <stdint.h>
#include <wasm_simd128.h>

#define EXPORT(name) __attribute__((export_name(#name))) void name
#define LOAD(at) wasm_v128_load(at)
#define STORE(at, v) wasm_v128_store(at, v)
#define SPREAD(at) wasm_v128_load32_splat(at)
#define ALL(x) wasm_f32x4_splat(x)
#define ADD wasm_f32x4_add
#define SUB wasm_f32x4_sub
#define MUL wasm_f32x4_mul
#define MADD(a, b, c) ADD(MUL(a, b), c)

typedef v128_t Four;

// e to the power of x, by the polynomial of Cephes' expf; exact to about one in ten million.
static inline Four four_exp(Four x) {
  x = wasm_f32x4_max(wasm_f32x4_min(x, ALL(88.0f)), ALL(-87.0f));
  Four n = wasm_f32x4_nearest(MUL(x, ALL(1.44269504088896341f)));
  x = SUB(SUB(x, MUL(n, ALL(0.693359375f))), MUL(n, ALL(-2.12194440e-4f)));
  Four y = MADD(ALL(1.9875691500e-4f), x, ALL(1.3981999507e-3f));
  y = MADD(y, x, ALL(8.3334519073e-3f));
  y = MADD(y, x, ALL(4.1665795894e-2f));
  y = MADD(y, x, ALL(1.6666665459e-1f));
  y = MADD(y, x, ALL(5.0000001201e-1f));
  y = ADD(MADD(y, MUL(x, x), x), ALL(1));
  Four power = wasm_i32x4_shl(wasm_i32x4_add(wasm_i32x4_trunc_sat_f32x4(n), wasm_i32x4_splat(127)), 23);
  return MUL(y, power);
}

static inline Four four_silu(Four x) { return wasm_f32x4_div(x, ADD(ALL(1), four_exp(wasm_f32x4_neg(x)))); }

static inline float total(Four v) {
  return wasm_f32x4_extract_lane(v, 0) + wasm_f32x4_extract_lane(v, 1) + wasm_f32x4_extract_lane(v, 2) +
         wasm_f32x4_extract_lane(v, 3);
}

// products.c
void product(const float *a, int row, const int *table, int taps, int K, const float *weights, int N, const float *bias,
             float *out, int out_row, const float *add, int M);

// The picture of a mirror, worked out place by place: where it looks, and what lies there. Drawn by WebGL 2.

/** @typedef {import("./ball-looks.js").Normals} Normals */
/** @typedef {{ right: number[], up: number[], ahead: number[] }} Axes of the viewer, as they lie in the world */

const SIDE = 512; // pixels of a side of the cube

const CORNERS = `#version 300 es
out vec2 place;
void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4.0 - 1.0;
  place = corner;
  gl_Position = vec4(corner, 0.0, 1.0);
}`;

// A finished picture is light behind one curve: it is undone before the metal takes its share, and laid on again. Once for
// each place of the surroundings, not for each place of each picture; and on a cube, which has neither seam nor pole.
const METAL = `#version 300 es
precision highp float;
in vec2 place;
out vec4 colour;
uniform sampler2D unrolled;
uniform mat3 side;
uniform vec3 tint;
const float PI = 3.14159265;

vec3 light_of(vec3 c) {
  vec3 y = mix(c / 12.92, pow((c + 0.055) / 1.055, vec3(2.4)), step(0.04045, c));
  vec3 a = 2.43 * y - 2.51, b = 0.59 * y - 0.03, d = 0.14 * y;
  return (-b - sqrt(b * b - 4.0 * a * d)) / (2.0 * a);
}
vec3 picture_of(vec3 x) {
  vec3 y = clamp(x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14), 0.0, 1.0);
  return mix(y * 12.92, 1.055 * pow(y, vec3(1.0 / 2.4)) - 0.055, step(0.0031308, y));
}
void main() {
  vec3 d = normalize(side * vec3(place, 1.0));
  vec2 at = vec2(atan(d.x, d.z) / (2.0 * PI) + 0.5, acos(d.y) / PI);
  colour = vec4(picture_of(light_of(textureLod(unrolled, at, 0.0).rgb) * tint), 1.0);
}`;

const MIRROR = `#version 300 es
precision highp float;
in vec2 place;
out vec4 colour;
uniform samplerCube around;
uniform sampler2D door;
uniform mat3 axes;
uniform vec2 half_size;
uniform float eye;
uniform bool is_door;

void main() {
  vec3 ray = normalize(vec3(place * half_size, 1.0));
  float along = ray.z * eye, off = sqrt(max(eye * eye - along * along, 0.0));
  float share = clamp((1.0 - off) / fwidth(off) + 0.5, 0.0, 1.0);
  vec3 normal = (along - sqrt(max(1.0 - off * off, 0.0))) * ray - vec3(0.0, 0.0, eye);
  if (is_door) {
    vec4 faces = texture(door, vec2(place.x + 1.0, 1.0 - place.y) / 2.0);
    vec2 n = faces.xy / max(faces.z, 0.01);
    normal = vec3(n, -sqrt(max(1.0 - dot(n, n), 0.0)));
    share = faces.z;
  }
  vec3 away = reflect(ray, normal);
  vec3 change = max(abs(dFdx(away)), abs(dFdy(away)));
  float blur = clamp(log2(length(change) * ${SIDE / 2}.0), 0.0, 6.0);
  vec3 metal = textureLod(around, axes * away, blur).rgb;
  vec3 behind = textureLod(around, axes * ray, 2.0).rgb * 0.85;
  colour = vec4(mix(behind, metal, share), 1.0);
}`;

// Of each side of a cube: what is to the right, down and ahead in its picture.
const SIDES = [
  [0, 0, -1, 0, -1, 0, 1, 0, 0],
  [0, 0, 1, 0, -1, 0, -1, 0, 0],
  [1, 0, 0, 0, 0, 1, 0, 1, 0],
  [1, 0, 0, 0, 0, -1, 0, -1, 0],
  [1, 0, 0, 0, -1, 0, 0, 0, 1],
  [-1, 0, 0, 0, -1, 0, 0, 0, -1],
];

export class BallPicture {
  #gl;
  #mirror;
  #metal;
  #around;
  #faces;

  /**
   * Null where the browser has no WebGL 2, or will not compile for it.
   * @param {HTMLCanvasElement} canvas
   */
  static on(canvas) {
    const gl = canvas.getContext("webgl2", { antialias: false, alpha: false, powerPreference: "low-power" });
    if (gl?.isContextLost()) return null;
    const [mirror, metal] = [MIRROR, METAL].map((look) => gl && compiled(gl, look));
    return gl && mirror && metal ? new BallPicture(gl, mirror, metal) : null;
  }

  /**
   * @param {WebGL2RenderingContext} gl
   * @param {WebGLProgram} mirror
   * @param {WebGLProgram} metal
   */
  constructor(gl, mirror, metal) {
    this.#gl = gl;
    this.#mirror = mirror;
    this.#metal = metal;
    this.#faces = gl.createFramebuffer();
    this.#texture(0, gl.TEXTURE_2D, gl.REPEAT, gl.LINEAR);
    this.#around = this.#texture(2, gl.TEXTURE_CUBE_MAP, gl.CLAMP_TO_EDGE, gl.LINEAR_MIPMAP_LINEAR);
    gl.texStorage2D(gl.TEXTURE_CUBE_MAP, Math.log2(SIDE) + 1, gl.RGBA8, SIDE, SIDE);
    gl.useProgram(mirror);
    gl.uniform1i(this.#at("door"), 1);
    gl.uniform1i(this.#at("around"), 2);
  }

  /**
   * What lies around: a picture unrolled, and how much of each colour the metal sends on.
   * @param {ImageBitmap} image
   * @param {number[]} tint
   */
  stand(image, tint) {
    const gl = this.#gl;
    gl.activeTexture(gl.TEXTURE0);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, image);
    gl.useProgram(this.#metal);
    gl.uniform3fv(gl.getUniformLocation(this.#metal, "tint"), tint);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#faces);
    gl.viewport(0, 0, SIDE, SIDE);
    SIDES.forEach((side, i) => {
      const face = gl.TEXTURE_CUBE_MAP_POSITIVE_X + i;
      gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, face, this.#around, 0);
      gl.uniformMatrix3fv(gl.getUniformLocation(this.#metal, "side"), false, side);
      gl.drawArrays(gl.TRIANGLES, 0, 3);
    });
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.activeTexture(gl.TEXTURE2);
    gl.generateMipmap(gl.TEXTURE_CUBE_MAP);
    gl.useProgram(this.#mirror);
  }

  /**
   * The door's shape: between places, directions count as far as each place is door.
   * @param {Normals} normals
   */
  shape({ width, height, values }) {
    const gl = this.#gl;
    const shares = values.map((value, i) => (i % 4 < 2 ? value * values[i - (i % 4) + 2] : value));
    this.#texture(1, gl.TEXTURE_2D, gl.CLAMP_TO_EDGE, gl.LINEAR);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA16F, width, height, 0, gl.RGBA, gl.FLOAT, shares);
  }

  /**
   * @param {{ axes: Axes, across: number, eye: number, door: boolean }} view
   */
  draw({ axes, across, eye, door }) {
    const gl = this.#gl;
    const { width, height } = gl.canvas;
    const half = Math.tan((across * Math.PI) / 360);
    gl.viewport(0, 0, width, height);
    gl.uniformMatrix3fv(this.#at("axes"), false, [...axes.right, ...axes.up, ...axes.ahead]);
    gl.uniform2f(this.#at("half_size"), half, (half * height) / width);
    gl.uniform1f(this.#at("eye"), eye);
    gl.uniform1i(this.#at("is_door"), Number(door));
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  /** How many milliseconds pass until all is drawn that was asked for. */
  async took() {
    const gl = this.#gl;
    const start = performance.now();
    const sync = /** @type {WebGLSync} */ (gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0));
    gl.flush();
    do await new Promise((go) => setTimeout(go, 1));
    while (sync && gl.clientWaitSync(sync, 0, 0) === gl.TIMEOUT_EXPIRED);
    gl.deleteSync(sync);
    return performance.now() - start;
  }

  /** @param {string} name */
  #at(name) {
    return this.#gl.getUniformLocation(this.#mirror, name);
  }

  /**
   * A texture of its own on a unit.
   * @param {number} unit
   * @param {number} kind
   * @param {number} wrap to the right and left
   * @param {number} smaller how it is made smaller
   * @returns {WebGLTexture}
   */
  #texture(unit, kind, wrap, smaller) {
    const gl = this.#gl;
    const texture = gl.createTexture();
    gl.activeTexture(gl.TEXTURE0 + unit);
    gl.bindTexture(kind, texture);
    gl.texParameteri(kind, gl.TEXTURE_WRAP_S, wrap);
    gl.texParameteri(kind, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    gl.texParameteri(kind, gl.TEXTURE_MIN_FILTER, smaller);
    gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE);
    return texture;
  }
}

/**
 * @param {WebGL2RenderingContext} gl
 * @param {string} look
 * @returns {WebGLProgram | null}
 */
function compiled(gl, look) {
  const program = gl.createProgram();
  for (const [kind, source] of /** @type {[number, string][]} */ ([
    [gl.VERTEX_SHADER, CORNERS],
    [gl.FRAGMENT_SHADER, look],
  ])) {
    const shader = /** @type {WebGLShader} */ (gl.createShader(kind));
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  return gl.getProgramParameter(program, gl.LINK_STATUS) ? program : null;
}

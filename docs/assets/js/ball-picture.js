// The picture of a mirror, worked out place by place: where it looks, and what lies there. Drawn by WebGL 2.

/** @typedef {import("./ball-looks.js").Normals} Normals */
/** @typedef {{ right: number[], up: number[], ahead: number[] }} Axes of the viewer, as they lie in the world */

const CORNERS = `#version 300 es
out vec2 place;
void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4.0 - 1.0;
  place = corner;
  gl_Position = vec4(corner, 0.0, 1.0);
}`;

// A finished picture is light behind one curve: it is undone before the metal takes its share, and laid on again.
const LIGHT = `#version 300 es
precision highp float;
in vec2 place;
out vec4 colour;
uniform sampler2D sky, door;
uniform mat3 axes;
uniform vec3 tint;
uniform vec2 half_size;
uniform float eye;
uniform bool is_door;
uniform float wide;
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
vec3 around(vec3 d, float blur) {
  vec2 at = vec2(atan(d.x, d.z) / (2.0 * PI) + 0.5, acos(clamp(d.y, -1.0, 1.0)) / PI);
  return textureLod(sky, at, blur).rgb;
}
void main() {
  vec3 ray = normalize(vec3(place * half_size, 1.0));
  float along = ray.z * eye, off = sqrt(max(eye * eye - along * along, 0.0));
  float share = clamp((1.0 - off) / fwidth(off) + 0.5, 0.0, 1.0);
  vec3 normal = (along - sqrt(max(1.0 - off * off, 0.0))) * ray - vec3(0.0, 0.0, eye);
  vec4 faces = texture(door, vec2(place.x + 1.0, 1.0 - place.y) / 2.0);
  if (is_door) {
    vec2 n = faces.xy / max(faces.z, 0.01);
    normal = vec3(n, -sqrt(max(1.0 - dot(n, n), 0.0)));
    share = faces.z;
  }
  vec3 away = axes * reflect(ray, normalize(normal));
  vec3 change = max(abs(dFdx(away)), abs(dFdy(away)));
  float blur = log2(max(length(change) * wide / (2.0 * PI), 1.0));
  vec3 metal = picture_of(light_of(around(away, min(blur, 5.0))) * tint);
  vec3 behind = around(axes * ray, 1.5) * 0.8;
  colour = vec4(mix(behind, metal, share), 1.0);
}`;

export class BallPicture {
  #gl;
  #program;
  #wide = 1;

  /**
   * Null where the browser has no WebGL 2, or will not compile for it.
   * @param {HTMLCanvasElement} canvas
   */
  static on(canvas) {
    const gl = canvas.getContext("webgl2", { antialias: false, alpha: false, powerPreference: "low-power" });
    const program = gl && compiled(gl);
    return gl && program ? new BallPicture(gl, program) : null;
  }

  /**
   * @param {WebGL2RenderingContext} gl
   * @param {WebGLProgram} program
   */
  constructor(gl, program) {
    this.#gl = gl;
    this.#program = program;
    gl.useProgram(program);
    gl.uniform1i(this.#at("door"), 1);
  }

  /**
   * What lies around: a picture unrolled.
   * @param {HTMLImageElement} image
   */
  stand(image) {
    const gl = this.#gl;
    this.#texture(0, gl.REPEAT, gl.LINEAR_MIPMAP_LINEAR);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, image);
    gl.generateMipmap(gl.TEXTURE_2D);
    this.#wide = image.naturalWidth;
  }

  /**
   * The door's shape: between places, directions count as far as each place is door.
   * @param {Normals} normals
   */
  shape({ width, height, values }) {
    const gl = this.#gl;
    const shares = values.map((value, i) => (i % 4 < 2 ? value * values[i - (i % 4) + 2] : value));
    this.#texture(1, gl.CLAMP_TO_EDGE, gl.LINEAR);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA16F, width, height, 0, gl.RGBA, gl.FLOAT, shares);
  }

  /**
   * @param {{ axes: Axes, tint: number[], across: number, eye: number, door: boolean }} view
   */
  draw({ axes, tint, across, eye, door }) {
    const gl = this.#gl;
    const { width, height } = gl.canvas;
    const half = Math.tan((across * Math.PI) / 360);
    gl.viewport(0, 0, width, height);
    gl.uniformMatrix3fv(this.#at("axes"), false, [...axes.right, ...axes.up, ...axes.ahead]);
    gl.uniform3fv(this.#at("tint"), tint);
    gl.uniform2f(this.#at("half_size"), half, (half * height) / width);
    gl.uniform1f(this.#at("eye"), eye);
    gl.uniform1i(this.#at("is_door"), Number(door));
    gl.uniform1f(this.#at("wide"), this.#wide);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  /** @param {string} name */
  #at(name) {
    return this.#gl.getUniformLocation(this.#program, name);
  }

  /**
   * @param {number} unit
   * @param {number} wrap to the right and left
   * @param {number} smaller how it is made smaller
   */
  #texture(unit, wrap, smaller) {
    const gl = this.#gl;
    gl.activeTexture(gl.TEXTURE0 + unit);
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, wrap);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, smaller);
    gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE);
  }
}

/**
 * @param {WebGL2RenderingContext} gl
 * @returns {WebGLProgram | null}
 */
function compiled(gl) {
  const program = gl.createProgram();
  for (const [kind, source] of /** @type {[number, string][]} */ ([
    [gl.VERTEX_SHADER, CORNERS],
    [gl.FRAGMENT_SHADER, LIGHT],
  ])) {
    const shader = /** @type {WebGLShader} */ (gl.createShader(kind));
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  return gl.getProgramParameter(program, gl.LINK_STATUS) ? program : null;
}

// Which pipelines run here: a line for the first thing that does not.

/** A pipeline that has a layer or a setting that is none of ours. */
export class NotOurs extends Error {}

/**
 * @typedef {Record<string, any>} Config a config.json
 * @typedef {[boolean, string]} Check whether it holds, and what is said where it does not
 */

const EIGHTS = "must be multiples of 8";

/** @type {Record<string, (config: Config) => Check[]>} */
const CHECKS = {
  text_encoder: (config) => [
    ...same(config, { hidden_act: ["quick_gelu"], max_position_embeddings: [77] }),
    [eights([config.hidden_size / config.num_attention_heads, config.intermediate_size]), `widths and heads ${EIGHTS}`],
  ],
  unet: (config) => [
    ...kinds(config.down_block_types, ["DownBlock2D", "CrossAttnDownBlock2D"]),
    ...kinds(config.up_block_types, ["UpBlock2D", "CrossAttnUpBlock2D"]),
    ...same(config, {
      act_fn: ["silu"],
      in_channels: [4],
      out_channels: [4],
      mid_block_type: ["UNetMidBlock2DCrossAttn"],
      flip_sin_to_cos: [true],
      freq_shift: [0],
      transformer_layers_per_block: [1],
      resnet_time_scale_shift: ["default"],
      use_linear_projection: [false, true],
      class_embed_type: [null],
      addition_embed_type: [null],
    }),
    [eights(heads(config)), `channels of a head ${EIGHTS}`],
    [Math.max(...config.block_out_channels) <= 512, "more than 512 channels have no room"],
  ],
  vae: (config) => [
    ...kinds(config.up_block_types, ["UpDecoderBlock2D"]),
    ...same(config, { act_fn: ["silu"], latent_channels: [4], out_channels: [3], shift_factor: [null] }),
    [eights(config.block_out_channels), `channels ${EIGHTS}`],
    [config.block_out_channels.length === 4, "must halve a picture three times"],
    [Math.max(...config.block_out_channels) <= 1024, "more than 1,024 channels have no room"],
  ],
  scheduler: (config) =>
    same(config, {
      prediction_type: ["epsilon"],
      beta_schedule: ["scaled_linear"],
      timestep_spacing: ["leading"],
      clip_sample: [false],
      thresholding: [false],
      rescale_betas_zero_snr: [false],
      trained_betas: [null],
    }),
};

/**
 * Raises NotOurs for the first setting of these configs that does not run here.
 * @param {Record<string, Config>} configs by part
 * @param {{ height: number, width: number }} latents
 */
export function refuse(configs, { height, width }) {
  for (const [part, config] of Object.entries(configs)) {
    const lacking = CHECKS[part](config).find(([holds]) => !holds);
    if (lacking) throw new NotOurs(`${part}/config.json: ${lacking[1]}`);
  }
  const by = 2 ** ((configs.unet?.block_out_channels.length ?? 1) - 1);
  if (height % by || width % by) throw new NotOurs(`a picture's sides must be multiples of ${8 * by}`);
}

/**
 * @param {string[]} there
 * @param {string[]} known
 * @returns {Check[]}
 */
function kinds(there, known) {
  return there.map((kind) => [known.includes(kind), `${kind} is not known, only ${known.join(" and ")}`]);
}

/**
 * @param {Config} config
 * @param {Record<string, any[]>} known values of settings; the first is what one that is left out has
 * @returns {Check[]}
 */
function same(config, known) {
  return Object.entries(known).map(([name, values]) => {
    const value = config[name] === undefined ? values[0] : config[name];
    return [values.includes(value), `${name} is ${value}; only ${values.join(" or ")} is known`];
  });
}

/** @param {number[]} counts */
const eights = (counts) => counts.every((count) => count % 8 === 0);

/**
 * Channels of a head, level by level.
 * @param {Config} config
 */
function heads({ block_out_channels, attention_head_dim }) {
  const counts = [attention_head_dim].flat();
  return block_out_channels.flatMap((/** @type {number} */ channels, /** @type {number} */ i) => [
    channels,
    channels / (counts[i] ?? counts[0]),
  ]);
}

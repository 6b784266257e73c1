/** Shape of a language model, as far as its fit on cards hangs on it. */
export interface LanguageModel {
  readonly name: string;
  /** Matched against the last part of a model address or name, lower case. */
  readonly pattern: RegExp;
  /** Attention heads; tensor parallelism must divide them. */
  readonly heads: number;
  /** GiB of weights in bf16. */
  readonly weights: number;
  readonly layers: number;
  readonly kvHeads: number;
  readonly headDim: number;
}

/** Widely served models by the names under which they are published. A name that is not here is never judged. */
export const LANGUAGE_MODELS: readonly LanguageModel[] = [
  { name: 'Qwen2.5-7B', pattern: /qwen2(\.5)?-7b/, heads: 28, weights: 14.2, layers: 28, kvHeads: 4, headDim: 128 },
  { name: 'Llama-3.1-8B', pattern: /llama-3(\.1)?-8b/, heads: 32, weights: 15, layers: 32, kvHeads: 8, headDim: 128 },
  { name: 'Llama-2-13B', pattern: /llama-2-13b/, heads: 40, weights: 24.2, layers: 40, kvHeads: 40, headDim: 128 },
  { name: 'Qwen2.5-14B', pattern: /qwen2\.5-14b/, heads: 40, weights: 27.5, layers: 48, kvHeads: 8, headDim: 128 },
  { name: 'Qwen2.5-32B', pattern: /qwen2\.5-32b/, heads: 40, weights: 61, layers: 64, kvHeads: 8, headDim: 128 },
  { name: 'Mixtral-8x7B', pattern: /mixtral-8x7b/, heads: 32, weights: 87, layers: 32, kvHeads: 8, headDim: 128 },
  { name: 'Llama-3.3-70B', pattern: /llama-3(\.[13])?-70b/, heads: 64, weights: 131, layers: 80, kvHeads: 8, headDim: 128 },
  { name: 'Llama-3.1-405B', pattern: /llama-3\.1-405b/, heads: 128, weights: 756, layers: 126, kvHeads: 8, headDim: 128 },
];

export function languageModel(address: string): LanguageModel | undefined {
  const name = address.toLowerCase().split('/').filter((part) => part !== '').slice(-2).join('/');
  return LANGUAGE_MODELS.find((m) => m.pattern.test(name));
}

/** GiB of weights of a model under a quantization, by its name or a flag. */
export function weightsOf(model: LanguageModel, quantization: string): number {
  if (/awq|gptq|int4|4bit|w4a16/i.test(quantization)) return model.weights * 0.29;
  return /fp8|int8|w8a8|8bit/i.test(quantization) ? model.weights / 2 : model.weights;
}

/** GiB that the key-value cache of one request takes on each card. */
export function cacheOf(model: LanguageModel, tokens: number, parallel: number, bytes: number): number {
  const perToken = 2 * model.layers * model.kvHeads * model.headDim * bytes;
  return (perToken * tokens) / Math.min(parallel, model.kvHeads) / 1024 ** 3;
}

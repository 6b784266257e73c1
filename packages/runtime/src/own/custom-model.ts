import type { TensorSpec } from '../model/model';
import type { InferContext } from '../model/tensor-model';
import type { Payload, Result } from './payload';
import type { Predictor } from './predictor';

/** What a model of your own may know about a request. */
export interface CustomContext extends InferContext {
  readonly modelName: string;
  /** The service behind a transformer; `undefined` without `--predictor_host`. */
  readonly predictor?: Predictor;
}

type Awaitable<T> = T | Promise<T>;

/**
 * A model of your own, the counterpart of KServe's Python `Model`. Any class or object with some of these methods is one,
 * so that it needs nothing of this package at run time.
 *
 * A predictor has `predict`. A transformer has `preprocess` or `postprocess` and leaves `predict` out: the payload then
 * goes to the service of `--predictor_host`.
 *
 * @example
 * export class Model implements CustomModel {
 *   predict(payload: Payload): Result {
 *     const rows = 'instances' in payload ? (payload.instances as number[][]) : [];
 *     return { predictions: rows.map((row) => Math.max(...row)) };
 *   }
 * }
 */
export interface CustomModel {
  /** Shown by the model's metadata and by the try-it page. @default [] */
  readonly inputs?: readonly TensorSpec[];
  /** @default [] */
  readonly outputs?: readonly TensorSpec[];
  /** Called once, before the port opens; a failure ends the start. */
  load?(): Awaitable<void>;
  preprocess?(payload: Payload, context: CustomContext): Awaitable<Payload>;
  predict?(payload: Payload, context: CustomContext): Awaitable<Result>;
  postprocess?(result: Result, context: CustomContext): Awaitable<Result>;
  /** V1 `:explain`; the answer is the JSON body. @default - 501, or the predictor's explainer */
  explain?(payload: Payload, context: CustomContext): Awaitable<unknown>;
  /** Called after the last request. */
  close?(): Awaitable<void>;
}

const METHODS = ['preprocess', 'predict', 'postprocess', 'explain'] as const;

/** Whether something that a module exports can be served. */
export function isCustomModel(value: unknown): value is CustomModel {
  return typeof value === 'object' && value !== null && METHODS.some((name) => typeof (value as Record<string, unknown>)[name] === 'function');
}

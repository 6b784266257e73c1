import type { Agent } from 'node:http';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import type { TensorSpec } from '../model/model';
import { checkStatus } from './check-status';
import type { CallOptions, InferenceClientOptions } from './client-options';
import { type HttpAnswer, callHttp, createAgent } from './http-call';
import { type InferInputs, type InferOutputs, badAnswer, decodeInfer, encodeInfer, parse } from './infer-body';
import { InferenceError } from './inference-error';
import { withRetries } from './with-retries';

/** What a server says of a model. */
export interface ModelMetadata {
  readonly name: string;
  readonly versions?: readonly string[];
  readonly platform: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

/** An answer of V1, with whatever the model adds to it. */
export interface Predictions {
  readonly predictions: readonly unknown[];
  readonly [key: string]: unknown;
}

const DEADLINE_HEADER = 'x-request-timeout-ms';

/**
 * Asks model servers: ours, KServe's, MLServer, Triton. Connections are kept; `close()` ends them.
 *
 * @example
 * const client = new InferenceClient({ url: 'http://iris.default.example.com' });
 * const { predictions } = await client.predict('iris', [[5.1, 3.5, 1.4, 0.2]]);
 */
export class InferenceClient {
  private readonly options: InferenceClientOptions;
  private readonly base: URL;
  private readonly agent: Agent;

  /** @throws IsvcError ISVC_CLI_USAGE for an address that is none. */
  constructor(options: InferenceClientOptions) {
    this.options = options;
    this.base = baseOf(options.url);
    this.agent = createAgent(this.base, options.ca);
  }

  /** V1 `:predict`. @param instances rows, or whatever the model takes. */
  async predict(model: string, instances: readonly unknown[], call?: CallOptions): Promise<Predictions> {
    return this.predictBody(model, { instances }, call);
  }

  /** V1 `:predict` of a whole body, for models that take more than instances. */
  async predictBody(model: string, body: Readonly<Record<string, unknown>>, call?: CallOptions): Promise<Predictions> {
    const answer = parse((await this.postJson(`v1/models/${encodeURIComponent(model)}:predict`, body, call)).body);
    if (!Array.isArray(answer['predictions'])) throw badAnswer('it lacks "predictions"');
    return answer as Predictions;
  }

  /** V1 `:explain`. */
  async explain(model: string, instances: readonly unknown[], call?: CallOptions): Promise<Readonly<Record<string, unknown>>> {
    return parse((await this.postJson(`v1/models/${encodeURIComponent(model)}:explain`, { instances }, call)).body);
  }

  /** A V2 inference. */
  async infer(model: string, request: InferInputs, call?: CallOptions): Promise<InferOutputs> {
    const { headers, body } = encodeInfer(request, this.options.binary ?? false);
    return decodeInfer(await this.send('POST', `v2/models/${encodeURIComponent(model)}/infer`, call, body, headers));
  }

  /** Whether the server, or one of its models, takes requests; `false` also while it cannot be reached. */
  async ready(model?: string, call?: CallOptions): Promise<boolean> {
    try {
      await this.send('GET', model === undefined ? 'v2/health/ready' : `v2/models/${encodeURIComponent(model)}/ready`, call);
      return true;
    } catch (error) {
      if (error instanceof InferenceError && error.code !== 'ISVC_CLIENT_BAD_ANSWER') return false;
      throw error;
    }
  }

  async metadata(model: string, call?: CallOptions): Promise<ModelMetadata> {
    const answer = parse((await this.send('GET', `v2/models/${encodeURIComponent(model)}`, call)).body);
    if (!Array.isArray(answer['inputs']) || !Array.isArray(answer['outputs'])) throw badAnswer('it lacks "inputs" or "outputs"');
    return answer as unknown as ModelMetadata;
  }

  close(): void {
    this.agent.destroy();
  }

  /**
   * Any JSON body to any path, with the client's retries, deadline and credentials.
   *
   * @throws InferenceError
   */
  postJson(path: string, body: unknown, call?: CallOptions): Promise<HttpAnswer> {
    return this.send('POST', path, call, Buffer.from(JSON.stringify(body)), { 'content-type': 'application/json' });
  }

  private async send(method: 'GET' | 'POST', path: string, call: CallOptions = {}, body?: Buffer, headers: Readonly<Record<string, string>> = {}): Promise<HttpAnswer> {
    const timeoutMs = call.timeoutMs ?? this.options.timeoutMs ?? 60_000;
    const deadline = performance.now() + timeoutMs;
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = call.signal ? AbortSignal.any([timeout, call.signal]) : timeout;
    const attempt = async (): Promise<HttpAnswer> => {
      const own = { ...this.options.headers, ...(await this.credentials()), ...call.headers, ...headers, [DEADLINE_HEADER]: String(Math.max(1, Math.floor(deadline - performance.now()))) };
      const answer = await callHttp({ method, url: new URL(path, this.base), headers: own, body, agent: this.agent, signal });
      checkStatus(answer);
      return answer;
    };
    try {
      return await withRetries(attempt, { retries: this.options.retries ?? 2, backoffMs: this.options.backoffMs ?? 100, deadline, signal });
    } catch (error) {
      if (call.signal?.aborted) throw call.signal.reason;
      if (timeout.aborted) throw new InferenceError('ISVC_CLIENT_TIMEOUT', `no answer from ${this.base.origin} within ${timeoutMs} ms`, { cause: error, hint: 'raise timeoutMs, or send fewer rows at a time' });
      throw error;
    }
  }

  private async credentials(): Promise<Record<string, string>> {
    const { token, host } = this.options;
    const value = typeof token === 'function' ? await token() : token;
    return { ...(host === undefined ? {} : { host }), ...(value === undefined ? {} : { authorization: `Bearer ${value}` }) };
  }
}

function baseOf(text: string): URL {
  try {
    const url = new URL(text.endsWith('/') ? text : `${text}/`);
    if (url.protocol === 'http:' || url.protocol === 'https:') return url;
    throw new Error(`the scheme is ${url.protocol}`);
  } catch (error) {
    throw new IsvcError('ISVC_CLI_USAGE', `"${text}" is no address of a model server: ${messageOf(error)}`, { hint: 'give one like http://iris.default.example.com', cause: error });
  }
}

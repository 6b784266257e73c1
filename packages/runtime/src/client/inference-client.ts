import type { Agent } from 'node:http';
import { IsvcError, messageOf } from 'cdk8s-kserve/api';
import { checkStatus } from './check-status';
import type { CallOptions, InferenceClientOptions } from './client-options';
import { type GrpcMethodName, decodeMetadata, decodeReady, encodeName, pathOfMethod } from './grpc/grpc-calls';
import type * as channelModule from './grpc/grpc-channel';
import type { GrpcChannel } from './grpc/grpc-channel';
import { decodeInferMessage, encodeInferMessage } from './grpc/infer-messages';
import { type HttpAnswer, callHttp, createAgent } from './http-call';
import { type InferInputs, type InferOutputs, badAnswer, decodeInfer, encodeInfer, parse } from './infer-body';
import { InferenceError } from './inference-error';
import type { ModelMetadata } from './model-metadata';
import { withRetries } from './with-retries';

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
  private readonly grpc: GrpcChannel | undefined;

  /** @throws IsvcError ISVC_CLI_USAGE for an address that is none. */
  constructor(options: InferenceClientOptions) {
    this.options = options;
    this.base = baseOf(options.url);
    this.agent = createAgent(this.base, options.ca);
    this.grpc = isGrpc(this.base) ? openChannel(this.base, options.ca) : undefined;
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
    const binary = this.options.binary ?? true;
    if (this.grpc) return decodeInferMessage(await this.callGrpc('ModelInfer', encodeInferMessage(model, request, binary), call));
    const { headers, body } = encodeInfer(request, binary);
    return decodeInfer(await this.send('POST', `v2/models/${encodeURIComponent(model)}/infer`, call, body, headers));
  }

  /** Whether the server, or one of its models, takes requests; `false` also while it cannot be reached. */
  async ready(model?: string, call?: CallOptions): Promise<boolean> {
    try {
      if (this.grpc) return decodeReady(await this.callGrpc(model === undefined ? 'ServerReady' : 'ModelReady', encodeName(model ?? ''), call));
      await this.send('GET', model === undefined ? 'v2/health/ready' : `v2/models/${encodeURIComponent(model)}/ready`, call);
      return true;
    } catch (error) {
      if (error instanceof InferenceError && error.code !== 'ISVC_CLIENT_BAD_ANSWER') return false;
      throw error;
    }
  }

  async metadata(model: string, call?: CallOptions): Promise<ModelMetadata> {
    if (this.grpc) return decodeMetadata(await this.callGrpc('ModelMetadata', encodeName(model), call));
    const answer = parse((await this.send('GET', `v2/models/${encodeURIComponent(model)}`, call)).body);
    if (!Array.isArray(answer['inputs']) || !Array.isArray(answer['outputs'])) throw badAnswer('it lacks "inputs" or "outputs"');
    return answer as unknown as ModelMetadata;
  }

  close(): void {
    this.agent.destroy();
    this.grpc?.close();
  }

  /**
   * Any JSON body to any path, with the client's retries, deadline and credentials.
   *
   * @throws InferenceError
   */
  postJson(path: string, body: unknown, call?: CallOptions): Promise<HttpAnswer> {
    return this.send('POST', path, call, Buffer.from(JSON.stringify(body)), { 'content-type': 'application/json' });
  }

  private callGrpc(method: GrpcMethodName, message: Buffer, call?: CallOptions): Promise<Buffer> {
    const { grpc } = this;
    if (!grpc) throw new TypeError('the client speaks HTTP');
    return this.attempt(call, (headers, signal, timeoutMs) => grpc.call({ path: pathOfMethod(method), message, headers, signal, timeoutMs }));
  }

  private async send(method: 'GET' | 'POST', path: string, call?: CallOptions, body?: Buffer, headers: Readonly<Record<string, string>> = {}): Promise<HttpAnswer> {
    if (this.grpc) throw new IsvcError('ISVC_CLI_USAGE', `${method} ${path} cannot be asked of ${this.options.url}, which speaks gRPC`, { hint: 'give an http: address; over gRPC there are infer, ready and metadata' });
    return this.attempt(call, async (own, signal, timeoutMs) => {
      const all = { ...own, ...headers, [DEADLINE_HEADER]: String(Math.max(1, Math.floor(timeoutMs))) };
      const answer = await callHttp({ method, url: new URL(path, this.base), headers: all, body, agent: this.agent, signal });
      checkStatus(answer);
      return answer;
    });
  }

  /** @param exchange gets headers, the end of the call, and how many milliseconds it is away. */
  private async attempt<T>(call: CallOptions = {}, exchange: (headers: Readonly<Record<string, string>>, signal: AbortSignal, leftMs: number) => Promise<T>): Promise<T> {
    const timeoutMs = call.timeoutMs ?? this.options.timeoutMs ?? 60_000;
    const deadline = performance.now() + timeoutMs;
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = call.signal ? AbortSignal.any([timeout, call.signal]) : timeout;
    const once = async (): Promise<T> => exchange({ ...this.options.headers, ...(await this.credentials()), ...call.headers }, signal, deadline - performance.now());
    try {
      return await withRetries(once, { retries: this.options.retries ?? 2, backoffMs: this.options.backoffMs ?? 100, deadline, signal });
    } catch (error) {
      if (call.signal?.aborted) throw call.signal.reason;
      if (timeout.aborted) throw new InferenceError('ISVC_CLIENT_TIMEOUT', `no answer from ${this.base.host} within ${timeoutMs} ms`, { cause: error, hint: 'raise timeoutMs, or send fewer rows at a time' });
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
    if (['http:', 'https:', 'grpc:', 'grpcs:'].includes(url.protocol) && url.host !== '') return url;
    throw new Error(`the scheme is ${url.protocol}`);
  } catch (error) {
    throw new IsvcError('ISVC_CLI_USAGE', `"${text}" is no address of a model server: ${messageOf(error)}`, { hint: 'give one like http://iris.default.example.com', cause: error });
  }
}

function isGrpc({ protocol }: URL): boolean {
  return protocol === 'grpc:' || protocol === 'grpcs:';
}

/** HTTP/2 is not loaded for clients of REST. */
function openChannel(url: URL, ca: string | Buffer | undefined): GrpcChannel {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { GrpcChannel: Channel } = require('./grpc/grpc-channel') as typeof channelModule;
  return new Channel(url, ca);
}

import { IsvcError } from 'cdk8s-kserve/api';
import { InferenceClient } from '../client/inference-client';
import { InferenceError } from '../client/inference-error';
import type { InferContext } from '../model/tensor-model';
import { isV1, toV1, toV2 } from './convert-payload';
import { forwardedHeaders } from './forwarded-headers';
import type { Payload, Result } from './payload';
import { ReplyError } from './reply-error';

export type PredictorProtocol = 'v1' | 'v2' | 'grpc-v2';

/** The service behind a transformer, in KServe's words. */
export interface PredictorOptions {
  /** `host` or `host:port`. */
  readonly host: string;
  /** @default 'v1' */
  readonly protocol?: PredictorProtocol;
  /** @default false */
  readonly useSsl?: boolean;
  /** @default 600 */
  readonly requestTimeoutSeconds?: number;
  /** Repetitions after failures that certainly had no effect. @default 0 */
  readonly requestRetries?: number;
  /** PEM certificates to trust instead of Node's. */
  readonly ca?: string | Buffer;
  /** Whether readiness of the transformer waits for the predictor's. @default false */
  readonly healthCheck?: boolean;
}

/** Asks the service behind a transformer, with the headers that belong to the request. */
export interface Predictor {
  /** A payload of the other protocol is converted. @throws ReplyError with the predictor's status and words for 4xx, 502 and 504 for its failures. */
  predict(payload: Payload, context: InferContext): Promise<Result>;
  explain(payload: Payload, context: InferContext): Promise<unknown>;
  ready(): Promise<boolean>;
  close(): void;
}

const READY_TIMEOUT_MS = 5000;

/** @param model its name on the wire: the transformer's own, as in KServe. */
export function createPredictor(model: string, options: PredictorOptions): Predictor {
  const protocol = options.protocol ?? 'v1';
  const grpc = protocol === 'grpc-v2';
  const client = new InferenceClient({
    url: `${grpc ? 'grpc' : 'http'}${options.useSsl ? 's' : ''}://${options.host}`,
    // As KServe's transformers: not every server of V2 has the binary extension, while gRPC's raw contents are in its protocol.
    binary: grpc,
    timeoutMs: (options.requestTimeoutSeconds ?? 600) * 1000,
    retries: options.requestRetries ?? 0,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  });
  const callOf = ({ headers, signal }: InferContext): { headers: Record<string, string>; signal?: AbortSignal } => ({ headers: forwardedHeaders(headers), ...(signal ? { signal } : {}) });
  return {
    predict: (payload, context) => passOn(async () => {
      if (protocol !== 'v1') return client.infer(model, toV2(payload), callOf(context));
      const { instances, ...more } = toV1(payload);
      const body = isV1(payload) ? { instances, ...more } : { instances };
      return client.predictBody(model, body, callOf(context));
    }),
    explain: (payload, context) => passOn(async () => {
      if (grpc) throw new IsvcError('ISVC_SERVER_NOT_IMPLEMENTED', 'gRPC has no explanations', { hint: 'start the server with --predictor_protocol=v1' });
      return client.explain(model, toV1(payload).instances, callOf(context));
    }),
    ready: () => client.ready(model, { timeoutMs: READY_TIMEOUT_MS }),
    close: () => client.close(),
  };
}

/** KServe differs: it answers 500 with the predictor's address for everything that goes wrong behind a transformer. */
async function passOn<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof InferenceError)) throw error;
    const { status } = error;
    if (error.code === 'ISVC_CLIENT_TIMEOUT') throw new IsvcError('ISVC_SERVER_DEADLINE', 'the predictor did not answer in time', { cause: error });
    const ownFault = status !== undefined && status >= 400 && status < 500;
    if (ownFault || status === 503) throw new ReplyError(status, error.message.replace(/^the server answered \d+: /, ''), error);
    throw new IsvcError('ISVC_SERVER_UPSTREAM', status === undefined ? 'the predictor cannot be reached' : `the predictor failed with status ${status}`, { cause: error });
  }
}

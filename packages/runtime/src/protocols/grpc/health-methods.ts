import { IsvcError } from 'cdk8s-kserve/api';
import { allReady, assertReady, findVersion } from '../find-model';
import type { ServerState } from '../protocol';
import { type StreamMethod, unary } from './grpc-method';
import { MessageReader } from './message-reader';
import { MessageWriter } from './message-writer';

/** Values of `HealthCheckResponse.ServingStatus`. */
const SERVING = 1;
const NOT_SERVING = 2;
const SERVICE_UNKNOWN = 3;

/** Models change at a client's request only; a watcher hears of it this much later at most. */
const WATCH_MS = 500;

/**
 * `grpc.health.v1`: the empty name and the inference service are the server, any other name is a model.
 */
export const healthCheck = unary(async (message, state) => {
  const status = await statusOf(readService(message), state);
  if (status === SERVICE_UNKNOWN) throw new IsvcError('ISVC_SERVER_MODEL_UNKNOWN', `unknown service ${JSON.stringify(readService(message).slice(0, 200))}`);
  return response(status);
});

export const healthWatch: StreamMethod = {
  kind: 'stream',
  async *answer(messages, state, { ending, signal }) {
    const first = await messages[Symbol.asyncIterator]().next();
    if (first.done) throw new IsvcError('ISVC_INPUT_INVALID', 'a watch needs one request');
    const service = readService(first.value);
    let told = -1;
    for (;;) {
      const status = await statusOf(service, state);
      if (status !== told) yield response((told = status));
      if (ending.aborted) throw new IsvcError('ISVC_SERVER_NOT_READY', 'the server is stopping');
      if (signal?.aborted) return;
      await pause(WATCH_MS, ending, signal);
    }
  },
};

async function statusOf(service: string, state: ServerState): Promise<number> {
  if (service === '' || service === 'inference.GRPCInferenceService') return (await allReady(state)) ? SERVING : NOT_SERVING;
  try {
    await assertReady(state, findVersion(state, service, undefined));
    return SERVING;
  } catch (error) {
    return error instanceof IsvcError && error.code === 'ISVC_SERVER_MODEL_UNKNOWN' ? SERVICE_UNKNOWN : NOT_SERVING;
  }
}

function readService(message: Buffer): string {
  const reader = new MessageReader(message);
  let service = '';
  while (reader.next()) if (reader.field === 1) service = reader.text();
  return service;
}

function response(status: number): Buffer {
  return new MessageWriter().int(1, status).finish();
}

/** Ends early when one of the signals does. */
function pause(ms: number, ...signals: readonly (AbortSignal | undefined)[]): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      for (const signal of signals) signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    for (const signal of signals) signal?.addEventListener('abort', end);
    if (signals.some((signal) => signal?.aborted)) end();
  });
}

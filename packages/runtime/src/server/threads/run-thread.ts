import { type MessagePort, parentPort } from 'node:worker_threads';
import { createExposition } from '../../metrics/exposition';
import type { Log } from '../../process/log';
import type { ServerState } from '../../protocols/protocol';
import { inferMessage } from '../../protocols/grpc/model-infer';
import { matchCall } from '../../protocols/protocols';
import { failureReply, messageOfError } from '../error-status';
import type { FromThread, MessageOutcome, ThreadMessage, ThreadRequest, ToThread } from './messages';

/** Answers requests of the main thread for as long as that wants; its models are its own. */
export function runThread(state: ServerState, log: Log): Promise<never> {
  const port = parentPort as MessagePort;
  const exposition = createExposition(state.models, undefined, { process: false });
  const tell = (message: FromThread): void => port.postMessage(message);
  port.on('message', (message: ToThread) => {
    if (message.type === 'snapshot') void exposition.snapshot().then((metrics) => tell({ type: 'snapshot', id: message.id, metrics }));
    else if (message.type === 'message') void infer(state, message.call, log).then((outcome) => tell({ type: 'message', id: message.id, outcome }));
    else void answer(state, message.request, log, tell);
  });
  tell({ type: 'ready' });
  return new Promise(() => {});
}

async function infer(state: ServerState, { headers, message }: ThreadMessage, log: Log): Promise<MessageOutcome> {
  try {
    return { message: await inferMessage(bufferOf(message), state, { headers }) };
  } catch (error) {
    return { status: failureReply(error, log).status, error: messageOfError(error) };
  }
}

async function answer(state: ServerState, { id, method, path, headers, body }: ThreadRequest, log: Log, tell: (message: FromThread) => void): Promise<void> {
  try {
    const call = matchCall(method, path);
    if (!call) throw new Error(`no operation at ${method} ${path}`);
    const reply = await call.operation.answer(call, state, bufferOf(body), { headers });
    tell({ type: 'reply', id, reply });
  } catch (error) {
    tell({ type: 'reply', id, reply: failureReply(error, log) });
  }
}

/** A Buffer that is sent arrives as a plain array of bytes. */
function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

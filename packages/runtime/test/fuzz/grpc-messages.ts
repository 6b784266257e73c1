import { type ClientHttp2Session, type IncomingHttpHeaders, connect } from 'node:http2';
import { gzipSync } from 'node:zlib';
import type { Tensor } from '../../src/client/index';
import { encodeInferMessage } from '../../src/client/grpc/infer-messages';
import { frame } from '../../src/server/grpc/frame-reader';
import { type Random, mutate, oneOf } from '../support/fuzz';
import { type Fuzzer, Hang } from './fuzzer';

/** What a client may be told; INTERNAL and UNKNOWN would be the server's own fault. */
const STATUS: Readonly<Record<number, string>> = { 0: 'OK', 3: 'INVALID_ARGUMENT', 5: 'NOT_FOUND', 8: 'RESOURCE_EXHAUSTED', 12: 'UNIMPLEMENTED' };
const SERVICE = '/inference.GRPCInferenceService';
export const INFER = `${SERVICE}/ModelInfer`;
const ANSWER_MS = 30_000;

const tensors: readonly Tensor[] = [
  { name: 'a', datatype: 'FP32', shape: [1, 4], data: Float32Array.of(1, 2, 3, 4) }, { name: 'b', datatype: 'BYTES', shape: [2], data: ['ü', ''] },
  { name: 'c', datatype: 'INT64', shape: [1], data: BigInt64Array.of(-(2n ** 60n)) }, { name: 'd', datatype: 'BOOL', shape: [2], data: Uint8Array.of(1, 0) },
];
const request = (model: string, inputs: readonly Tensor[], binary: boolean): Buffer => encodeInferMessage(model, { id: '7', inputs, outputs: ['a'], parameters: { n: 1, s: 'pd', content_type: 'np', f: 0.5 } }, binary);
/** What the table model answers. */
export const GOOD_MESSAGE = encodeInferMessage('sk', { inputs: [{ name: 'input-0', datatype: 'FP64', shape: [1, 4], data: Float64Array.of(1, 2, 3, 4) }] }, true);
const SEEDS: readonly (readonly [string, Buffer])[] = [
  [INFER, request('echo', tensors, true)], [INFER, request('echo', tensors, false)], [INFER, GOOD_MESSAGE],
  [`${SERVICE}/ModelStreamInfer`, request('echo', tensors, false)], [`${SERVICE}/ModelMetadata`, Buffer.from([0x0a, 2, 0x73, 0x6b])], [`${SERVICE}/ModelReady`, Buffer.from([0x0a, 2, 0x73, 0x6b, 0x12, 1, 0x31])],
  [`${SERVICE}/RepositoryModelLoad`, Buffer.from([0x12, 2, 0x73, 0x6b])], ['/grpc.health.v1.Health/Check', Buffer.from([0x0a, 2, 0x73, 0x6b])],
  ['/grpc.reflection.v1.ServerReflection/ServerReflectionInfo', Buffer.from([0x3a, 1, 0x2a])],
];

/** Messages on one connection that has to go on. */
export const GRPC_MESSAGES: Fuzzer = {
  protocol: 'grpc',
  seeds: SEEDS.length,
  connect({ port }) {
    const session = connect(`http://127.0.0.1:${port}`).on('error', () => {});
    return {
      async send(random) {
        const [path, message] = oneOf(SEEDS, random);
        const { body, encoding } = bodyOf(message, random);
        const { status, text } = await callWith(session, path, body, encoding);
        const answer = STATUS[status];
        if (answer === undefined) throw new Error(`status ${status} ${text} of ${path} for ${body.toString('hex').slice(0, 800)}`);
        return { answer, kept: !session.closed, refused: status !== 0 };
      },
      works: () => assertAnswered(session),
      close: () => session.destroy(),
    };
  },
};

/** @throws Error where a good call on the connection is not answered. */
export async function assertAnswered(session: ClientHttp2Session): Promise<void> {
  const { status, text } = await callWith(session, INFER, frame(GOOD_MESSAGE));
  if (status !== 0) throw new Error(`status ${status} ${text} for a good call`);
}

function bodyOf(message: Buffer, random: Random): { readonly body: Buffer; readonly encoding?: string } {
  const damaged = mutate(message, random);
  const kind = random(8);
  if (kind === 0) return { body: mutate(frame(message), random) };
  if (kind === 1) return { body: Buffer.concat([frame(damaged), frame(damaged)]) };
  if (kind === 2) {
    const zipped = frame(mutate(gzipSync(message), random));
    zipped[0] = 1;
    return { body: zipped, encoding: oneOf(['gzip', 'identity', 'br'], random) };
  }
  return { body: frame(damaged) };
}

/** @param body everything that is sent; whatever the client says of it, the call has to end. */
function callWith(session: ClientHttp2Session, path: string, body: Buffer, encoding?: string): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers', ...(encoding === undefined ? {} : { 'grpc-encoding': encoding }) });
    let headers: IncomingHttpHeaders = {};
    stream.setTimeout(ANSWER_MS, () => {
      stream.close();
      reject(new Hang(`no answer to ${path} ${body.toString('hex').slice(0, 400)}`));
    });
    stream.on('response', (got) => (headers = got)).on('trailers', (got) => (headers = { ...headers, ...got })).on('error', reject).resume();
    stream.on('close', () => resolve({ status: Number(headers['grpc-status'] ?? Number.NaN), text: String(headers['grpc-message'] ?? '') }));
    stream.end(body);
  });
}

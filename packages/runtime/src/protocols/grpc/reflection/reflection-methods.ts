import type { StreamMethod } from '../grpc-method';
import { MessageReader } from '../message-reader';
import { MessageWriter } from '../message-writer';
import { PROTO_FILES, type ProtoFile } from './descriptors';

const NOT_FOUND = 5;

/**
 * `grpc.reflection.v1` and `v1alpha`, which differ in nothing but their name: tools such as grpcurl ask a server for its
 * services and messages. Each message of the stream is one question.
 */
export const serverReflectionInfo: StreamMethod = {
  kind: 'stream',
  async *answer(messages) {
    for await (const message of messages) yield answerTo(message);
  },
};

function answerTo(message: Buffer): Buffer {
  const response = new MessageWriter().content(2, message);
  const reader = new MessageReader(message);
  while (reader.next()) {
    if (reader.field === 3) return describe(response, reader.text(), ({ name }, asked) => name === asked);
    if (reader.field === 4) return describe(response, reader.text(), ({ symbols }, asked) => symbols.includes(asked));
    if (reader.field === 7) {
      const services = PROTO_FILES.flatMap((file) => file.services);
      return response.message(6, (list) => services.forEach((name) => list.message(1, (service) => service.text(1, name)))).finish();
    }
  }
  // Extensions are a thing of proto2; this server has none.
  return fail(response, 'extensions');
}

function describe(response: MessageWriter, asked: string, matches: (file: ProtoFile, asked: string) => boolean): Buffer {
  const file = PROTO_FILES.find((one) => matches(one, asked));
  if (!file) return fail(response, JSON.stringify(asked.slice(0, 200)));
  return response.message(4, (files) => files.content(1, Buffer.from(file.descriptor, 'base64'))).finish();
}

function fail(response: MessageWriter, what: string): Buffer {
  return response.message(7, (error) => error.int(1, NOT_FOUND).text(2, `there is no ${what} here`)).finish();
}

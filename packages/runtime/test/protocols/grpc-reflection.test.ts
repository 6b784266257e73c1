import { join } from 'node:path';
import { type Client, loadPackageDefinition } from '@grpc/grpc-js';
import { loadFileDescriptorSetFromBuffer, loadSync } from '@grpc/proto-loader';
import { PROTO_FILES } from '../../src/protocols/grpc/reflection/descriptors';
import { MessageWriter } from '../../src/protocols/grpc/message-writer';
import { ANSWER, INFER, askGrpc, connectGrpc } from '../support/grpc';
import { serve } from '../support/served';

interface Answer { readonly file_descriptor_response?: { readonly file_descriptor_proto: Buffer[] }; readonly list_services_response?: { readonly service: { readonly name: string }[] }; readonly error_response?: object; readonly original_request: object }

const reflection = loadSync(join(__dirname, '../../proto/reflection.proto'), { keepCase: true })['grpc.reflection.v1.ServerReflection'] as unknown as Record<string, { requestSerialize(value: object): Buffer; responseDeserialize(bytes: Buffer): Answer }>;
const { requestSerialize, responseDeserialize } = reflection['ServerReflectionInfo'] as { requestSerialize(value: object): Buffer; responseDeserialize(bytes: Buffer): Answer };

/** The answers to several questions of one stream. */
function reflect(client: Client, version: string, questions: readonly object[]): Promise<Answer[]> {
  return new Promise((resolve, reject) => {
    const answers: Answer[] = [];
    const stream = client.makeBidiStreamRequest(`/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`, requestSerialize, responseDeserialize);
    stream.on('data', (answer: Answer) => answers.push(answer)).on('error', reject).on('end', () => resolve(answers));
    for (const question of questions) stream.write(question);
    stream.end();
  });
}

test.each(['v1', 'v1alpha'])('%s names the services, and what it says of them is enough to make a call', async (version) => {
  const { port } = await serve();
  const client = connectGrpc(port);
  const [list, file, byName, missing, extension] = await reflect(client, version, [
    { list_services: '*' }, { file_containing_symbol: 'inference.GRPCInferenceService.ModelInfer' }, { file_by_filename: 'grpc_health_v1.proto' },
    { file_containing_symbol: 'nope.Nope' }, { all_extension_numbers_of_type: 'inference.ModelInferRequest' },
  ]);
  expect(list?.list_services_response?.service.map(({ name }) => name)).toEqual([
    'inference.GRPCInferenceService', 'grpc.health.v1.Health', 'grpc.reflection.v1.ServerReflection', 'grpc.reflection.v1alpha.ServerReflection',
  ]);
  expect(byName?.file_descriptor_response?.file_descriptor_proto[0]?.toString('latin1')).toContain('HealthCheckRequest');
  expect(missing).toMatchObject({ original_request: { file_containing_symbol: 'nope.Nope' }, error_response: { error_code: 5, error_message: 'there is no "nope.Nope" here' } });
  expect(extension).toMatchObject({ error_response: { error_code: 5 } });

  const [descriptor] = file?.file_descriptor_response?.file_descriptor_proto ?? [];
  const learned = loadFileDescriptorSetFromBuffer(new MessageWriter().content(1, descriptor as Buffer).finish(), { keepCase: true, longs: Number });
  const { inference } = loadPackageDefinition(learned) as unknown as { inference: { GRPCInferenceService: { service: Record<string, { path: string; requestSerialize(value: object): Buffer; responseDeserialize(bytes: Buffer): object }> } } };
  const { path, requestSerialize: write, responseDeserialize: read } = inference.GRPCInferenceService.service['ModelInfer'] as { path: string; requestSerialize(value: object): Buffer; responseDeserialize(bytes: Buffer): object };
  const answer = await new Promise((resolve, reject) => client.makeUnaryRequest(path, write, read, INFER, (error, value) => (error ? reject(error) : resolve(value))));
  expect(answer).toMatchObject(ANSWER);
});

test('every symbol is of one file, so that a tool finds each message it is told of', () => {
  const symbols = PROTO_FILES.flatMap((file) => file.symbols);
  expect(new Set(symbols).size).toBe(symbols.length);
  expect(PROTO_FILES.every(({ services, symbols: own }) => services.every((service) => own.includes(service)))).toBe(true);
});

test('a question that is no message ends the stream, the next call works', async () => {
  const { port } = await serve();
  const client = connectGrpc(port);
  const asIs = (bytes: Buffer): Buffer => bytes;
  const stream = client.makeBidiStreamRequest('/grpc.reflection.v1.ServerReflection/ServerReflectionInfo', asIs, asIs);
  stream.on('data', () => {});
  const failed = new Promise((resolve) => stream.on('error', resolve));
  stream.write(Buffer.from([0x22, 0x7f]));
  expect(await failed).toMatchObject({ code: 3 });
  expect(await askGrpc(client, 'ServerLive', {})).toEqual({ live: true });
});

import { type ServiceError, compressionAlgorithms } from '@grpc/grpc-js';
import { askGrpc as ask, askRaw, connectGrpc as connect } from '../support/grpc';
import { serve } from '../support/served';

const grpc = { port: 0 };
const input = { name: 'input-0', datatype: 'FP32', shape: [1, 4], contents: { fp32_contents: [1, 2, 3, 4] } };
const request = { model_name: 'sk', id: '7', inputs: [input] };
const raw = { ...request, inputs: [{ ...input, contents: undefined }], raw_input_contents: [Buffer.from(Float32Array.of(1, 2, 3, 4).buffer)] };

test('a real client asks for the server and its models', async () => {
  const client = connect((await serve({ grpc })).grpcPort);
  expect(await ask(client, 'ServerLive', {})).toEqual({ live: true });
  expect(await ask(client, 'ServerReady', {})).toEqual({ ready: true });
  expect(await ask(client, 'ServerMetadata', {})).toMatchObject({ name: 'cdk8s-kserve', extensions: ['binary_tensor_data'] });
  expect(await ask(client, 'ModelReady', { name: 'sk' })).toEqual({ ready: true });
  expect(await ask(client, 'ModelMetadata', { name: 'sk' })).toEqual({ name: 'sk', versions: ['1'], platform: 'fake', inputs: [{ name: 'input-0', datatype: 'FP64', shape: [-1, 4] }], outputs: [{ name: 'output-0', datatype: 'INT64', shape: [-1] }] });
});

test.each([
  ['FP32', { fp32_contents: [1, 2, 3, 4] }], ['FP64', { fp64_contents: [1, 2, 3, 4] }], ['INT8', { int_contents: [1, 2, 3, 4] }],
  ['INT64', { int64_contents: [1, 2, 3, 4] }], ['UINT16', { uint_contents: [1, 2, 3, 4] }], ['UINT64', { uint64_contents: [1, 2, 3, 4] }],
])('typed contents of %s are answered with typed contents', async (datatype, contents) => {
  const { grpcPort } = await serve({ grpc });
  expect(await ask(connect(grpcPort, { 'grpc.default_compression_algorithm': compressionAlgorithms.gzip }), 'ModelInfer', { ...request, inputs: [{ ...input, datatype, contents }] })).toMatchObject({ model_name: 'sk', id: '7', outputs: [{ name: 'output-0', datatype: 'INT64', shape: [1], contents: { int64_contents: [10] } }] });
});

test('raw contents are answered with raw contents', async () => {
  const client = connect((await serve({ grpc })).grpcPort);
  expect(await ask(client, 'ModelInfer', raw)).toMatchObject({ raw_output_contents: [Buffer.from([10, 0, 0, 0, 0, 0, 0, 0])], outputs: [{ parameters: { binary_data_size: { int64_param: 8 } } }] });
});

test.each<[string, string, object, number, string]>([
  ['an unknown model', 'ModelInfer', { ...request, model_name: 'nope' }, 5, 'Model with name nope does not exist.'],
  ['an unknown output', 'ModelInfer', { ...request, outputs: [{ name: 'zzz' }] }, 3, "Unexpected inference output 'zzz' for model 'sk'"],
  ['a shape against its data', 'ModelInfer', { ...request, inputs: [{ ...input, shape: [1, 3] }] }, 3, 'cannot reshape array of size 4 into shape (1,3)'],
  ['contents beside raw ones', 'ModelInfer', { ...raw, inputs: [input] }, 3, 'must not be used together'],
  ['too few raw contents', 'ModelInfer', { ...raw, inputs: [...raw.inputs, ...raw.inputs] }, 3, 'does not match the expected number of raw input contents (1)'],
  ['a value out of range', 'ModelInfer', { ...request, inputs: [{ ...input, datatype: 'INT8', contents: { int_contents: [300, 0, 0, 0] } }] }, 3, '300 is out of range'],
  ['no elements', 'ModelInfer', { ...request, inputs: [{ ...input, contents: undefined }] }, 3, "'data' field is missing for input 'input-0'"],
  ['the repository without its flag', 'RepositoryIndex', {}, 12, '--enable_repository_api'],
])('%s has its status, and the next call works', async (_, method, bad, code, details) => {
  const client = connect((await serve({ grpc })).grpcPort);
  await expect(ask(client, method, bad)).rejects.toMatchObject({ code, details: expect.stringContaining(details) });
  expect(await ask(client, 'ServerLive', {})).toEqual({ live: true });
});

test('a message over the limit is RESOURCE_EXHAUSTED', async () => {
  const client = connect((await serve({ grpc: { port: 0, maxReceiveBytes: 20 } })).grpcPort);
  await expect(ask(client, 'ModelInfer', request)).rejects.toMatchObject({ code: 8, details: expect.stringMatching(/larger than max \(\d+ vs\. 20\)/) });
});

test('a stream answers each message, failed ones too', async () => {
  const stream = connect((await serve({ grpc })).grpcPort).ModelStreamInfer();
  const answers: unknown[] = [];
  const ended = new Promise<void>((resolve, reject) => void stream.on('data', (answer: unknown) => answers.push(answer)).on('end', resolve).on('error', reject));
  for (const one of [request, { ...request, model_name: 'nope' }, request]) stream.write(one as never);
  stream.end();
  await ended;
  const good = { infer_response: { outputs: [{ contents: { int64_contents: [10] } }] } };
  expect(answers).toMatchObject([good, { error_message: 'Model with name nope does not exist.' }, good]);
});

test.each([['', 1], ['inference.GRPCInferenceService', 1], ['sk', 1]])('grpc.health.v1 says that %p serves, and an open watch ends with the server', async (service, status) => {
  const server = await serve({ grpc });
  const client = connect(server.grpcPort);
  const asIs = (bytes: Buffer): Buffer => bytes;
  const sent = Buffer.concat([Buffer.from([10, service.length]), Buffer.from(service)]);
  expect(await askRaw(client, '/grpc.health.v1.Health/Check', sent)).toEqual(Buffer.from([8, status]));
  const watch = client.makeServerStreamRequest('/grpc.health.v1.Health/Watch', asIs, asIs, sent);
  const told: Buffer[] = [];
  const failed = new Promise<ServiceError>((resolve) => watch.on('error', resolve));
  await new Promise<void>((resolve) => watch.on('data', (bytes: Buffer) => told.push(bytes) === 1 && resolve()));
  await server.close();
  expect(await failed).toMatchObject({ code: 14 });
  expect(told).toEqual([Buffer.from([8, 1]), Buffer.from([8, 2])]);
});

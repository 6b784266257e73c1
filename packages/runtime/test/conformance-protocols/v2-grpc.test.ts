import { askGrpc, connectGrpc } from '../support/grpc';
import { type Rule, type Subject, conforms } from './support';

const call = ({ port }: Subject, method: string, request: object = {}, metadata: Readonly<Record<string, string>> = {}): Promise<unknown> => askGrpc(connectGrpc(port), method, request, { metadata });
const status = (subject: Subject, method: string, request: object): Promise<number> => call(subject, method, request).then(() => 0, (error: { code: number }) => error.code);
const x = (more: object = {}): object => ({ name: 'x', datatype: 'FP32', shape: [2], contents: { fp32_contents: [1, 2] }, ...more });
const raw = Buffer.from(Float32Array.of(1, 2).buffer);
const echo = (more: object = {}): object => ({ model_name: 'echo', inputs: [x()], ...more });
const [INVALID_ARGUMENT, NOT_FOUND, RESOURCE_EXHAUSTED, UNIMPLEMENTED, UNAVAILABLE] = [3, 5, 8, 12, 14];
const MIB = 1024 * 1024;

const rules: readonly Rule[] = [
  ['the server is live and ready and says who it is', async (subject) => {
    expect([await call(subject, 'ServerLive'), await call(subject, 'ServerReady')]).toEqual([{ live: true }, { ready: true }]);
    expect(await call(subject, 'ServerMetadata')).toMatchObject({ name: 'cdk8s-kserve', extensions: ['binary_tensor_data', 'model_repository_extension'] });
  }],
  ['a model is ready and has its tensors', async (subject) => {
    expect(await call(subject, 'ModelReady', { name: 'sk' })).toEqual({ ready: true });
    expect(await call(subject, 'ModelMetadata', { name: 'sk' })).toMatchObject({ name: 'sk', versions: ['1'], inputs: [{ name: 'input-0', datatype: 'FP64', shape: [-1, 4] }] });
  }],
  ['an unknown model or version is NOT_FOUND, for every method', async (subject) => {
    for (const [method, request] of [['ModelReady', { name: 'x' }], ['ModelMetadata', { name: 'x' }], ['ModelInfer', echo({ model_name: 'x' })], ['ModelInfer', echo({ model_version: '9' })]] as const) expect(await status(subject, method, request)).toBe(NOT_FOUND);
  }],
  ['typed contents are answered typed', async (subject) => expect(await call(subject, 'ModelInfer', echo())).toMatchObject({ outputs: [{ name: 'x', contents: { fp32_contents: [1, 2] } }] })],
  ['raw contents are answered raw, with their size', async (subject) => expect(await call(subject, 'ModelInfer', echo({ inputs: [x({ contents: undefined })], raw_input_contents: [raw] }))).toMatchObject({ outputs: [{ parameters: { binary_data_size: { int64_param: 8 } } }], raw_output_contents: [raw] })],
  ['raw beside typed contents, and another count of them, are INVALID_ARGUMENT', async (subject) => {
    expect(await status(subject, 'ModelInfer', echo({ raw_input_contents: [raw] }))).toBe(INVALID_ARGUMENT);
    expect(await status(subject, 'ModelInfer', echo({ inputs: [x({ contents: undefined })], raw_input_contents: [raw, raw] }))).toBe(INVALID_ARGUMENT);
  }],
  ['the id comes back, and a missing one is made', async (subject) => {
    expect(await call(subject, 'ModelInfer', echo({ id: 'a' }))).toMatchObject({ id: 'a' });
    expect(((await call(subject, 'ModelInfer', echo())) as { id: string }).id).toMatch(/^[0-9a-f-]{36}$/);
  }],
  ['parameters and metadata reach the model', async (subject) => {
    await call(subject, 'ModelInfer', echo({ parameters: { n: { int64_param: 1 }, f: { double_param: 0.5 } } }), { 'x-tenant': 'z' });
    expect(subject.echo.asked[0]?.context).toMatchObject({ parameters: { n: 1, f: 0.5 }, headers: { 'x-tenant': 'z' } });
  }],
  ['outputs that are asked for are honoured', async (subject) => expect(await status(subject, 'ModelInfer', { model_name: 'sk', inputs: [x({ shape: [1, 4], contents: { fp32_contents: [1, 2, 3, 4] } })], outputs: [{ name: 'zzz' }] })).toBe(INVALID_ARGUMENT)],
  ['shapes that the contents do not fill are INVALID_ARGUMENT', async (subject) => {
    for (const shape of [[3], [0], [-2], [-1, -1], [2 ** 40]]) expect(await status(subject, 'ModelInfer', echo({ inputs: [x({ shape })] }))).toBe(INVALID_ARGUMENT);
  }],
  ['KServe\'s and Triton\'s messages load and unload', async (subject) => {
    expect(await call(subject, 'RepositoryModelUnload', { model_name: 'sk' })).toEqual({ model_name: 'sk', isUnloaded: true });
    expect(await status(subject, 'ModelReady', { name: 'sk' })).toBe(UNAVAILABLE);
    expect(await call(subject, 'RepositoryModelLoad', { repository_name: 'sk' })).toEqual({ model_name: 'sk', isLoaded: true });
    expect(await call(subject, 'RepositoryIndex')).toMatchObject({ models: [{ name: 'sk', state: 'READY' }, { name: 'echo' }] });
  }],
  ['messages may have 8 MiB, both ways', async ({ port }) => {
    const client = connectGrpc(port, { 'grpc.max_receive_message_length': -1 });
    const sent = (bytes: number): Promise<unknown> => askGrpc(client, 'ModelInfer', { model_name: 'echo', inputs: [{ name: 'x', datatype: 'UINT8', shape: [bytes] }], raw_input_contents: [Buffer.alloc(bytes)] });
    expect(await sent(8 * MIB - 1000)).toMatchObject({ outputs: [{ shape: [8 * MIB - 1000] }] });
    await expect(sent(8 * MIB)).rejects.toMatchObject({ code: RESOURCE_EXHAUSTED });
  }],
  ['a method that is not there is UNIMPLEMENTED', async ({ port }) => {
    const client = connectGrpc(port);
    const asIs = (bytes: Buffer): Buffer => bytes;
    const code = await new Promise((resolve) => client.makeUnaryRequest('/inference.GRPCInferenceService/Nope', asIs, asIs, Buffer.alloc(0), (error) => resolve(error?.code)));
    expect(code).toBe(UNIMPLEMENTED);
  }],
];

conforms(rules, { repositoryApi: true });

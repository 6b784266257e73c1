import { IsvcError } from 'cdk8s-kserve/api';
import fc from 'fast-check';
import type { Reply, ServerState } from '../../src/protocols/protocol';
import { matchCall } from '../../src/protocols/protocols';
import { replyOf } from '../../src/server/error-status';
import { ModelRepository } from '../../src/model/model-repository';
import { createServedModel } from '../../src/server/served-model';
import { type FakeModel, fakeModel } from '../support/fake-model';

function stateOf(model: FakeModel): ServerState {
  const repository = ModelRepository.of([createServedModel('sk', model)]);
  return { models: repository.models, repository, draining: false };
}

/** The server's answer without a socket, so that thousands of requests take no time. */
function answer(path: string, body: string, model = fakeModel()): Reply {
  const call = matchCall('POST', path);
  if (!call) throw new Error(`no operation at ${path}`);
  try {
    return call.operation.answer(call, stateOf(model), Buffer.from(body), { headers: {} }) as Reply;
  } catch (error) {
    if (!(error instanceof IsvcError)) throw error;
    return replyOf(error);
  }
}

const PREDICT = '/v1/models/sk:predict';
const INFER = '/v2/models/sk/infer';
/** Mostly almost right, so that the checks behind the first one are reached as well. */
const element = fc.oneof({ weight: 6, arbitrary: fc.double() }, fc.boolean(), fc.string(), fc.jsonValue({ maxDepth: 2 }));
const rows = fc.oneof({ weight: 4, arbitrary: fc.array(fc.array(element, { maxLength: 5 }), { maxLength: 4 }) }, fc.array(fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), element)), fc.jsonValue({ maxDepth: 4 }));
const tensor = fc.record(
  {
    name: fc.oneof({ weight: 4, arbitrary: fc.constantFrom('a', 'b', 'input-0') }, fc.jsonValue()),
    shape: fc.oneof({ weight: 4, arbitrary: fc.array(fc.integer({ min: -2, max: 5 }), { maxLength: 3 }) }, fc.jsonValue()),
    datatype: fc.oneof({ weight: 8, arbitrary: fc.constantFrom('FP32', 'FP64', 'INT8', 'INT64', 'UINT64', 'BOOL', 'BYTES', 'FP16', 'constructor') }, fc.jsonValue()),
    data: rows,
    parameters: fc.jsonValue({ maxDepth: 2 }),
  },
  { requiredKeys: ['name', 'shape', 'datatype', 'data'] },
);

describe('whatever JSON is sent', () => {
  test('V1 predict answers it or refuses it as the client\'s mistake', () => {
    fc.assert(
      fc.property(fc.oneof(fc.record({ instances: rows }), fc.record({ inputs: rows }), fc.jsonValue()), (body) => {
        const { status, body: text } = answer(PREDICT, JSON.stringify(body));
        expect([200, 400]).toContain(status);
        expect(Object.keys(JSON.parse(String(text)) as object)).toEqual([status === 200 ? 'predictions' : 'error']);
      }),
      { numRuns: 1000 },
    );
  });

  test('V2 infer answers it or refuses it as the client\'s mistake', () => {
    fc.assert(
      fc.property(fc.oneof({ weight: 4, arbitrary: fc.record({ inputs: fc.array(tensor, { maxLength: 3 }) }) }, fc.jsonValue()), (body) => {
        const { status, body: text } = answer(INFER, JSON.stringify(body));
        expect([200, 400, 422]).toContain(status);
        expect(JSON.parse(String(text))).toHaveProperty(status === 200 ? 'outputs' : 'error');
      }),
      { numRuns: 1000 },
    );
  });

  test('V1 and V2, rows and records, flat and nested data all give the model the same matrix', () => {
    const matrix = fc.integer({ min: 1, max: 5 }).chain((columns) => fc.array(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, noInteger: false }), { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 6 }));
    fc.assert(
      fc.property(matrix, (table) => {
        const columns = table[0]?.length ?? 0;
        const names = Array.from({ length: columns }, (_, c) => `c${c}`);
        const model = fakeModel({ features: columns, featureNames: names });
        const tensorOf = (data: unknown): string => JSON.stringify({ inputs: [{ name: 'x', shape: [table.length, columns], datatype: 'FP64', data }] });
        const requests = [
          [PREDICT, JSON.stringify({ instances: table })],
          [PREDICT, JSON.stringify({ instances: table.map((row) => Object.fromEntries(row.map((value, c) => [names[c], value]).reverse())) })],
          [INFER, tensorOf(table)],
          [INFER, tensorOf(table.flat())],
          [INFER, JSON.stringify({ parameters: { content_type: 'pd' }, inputs: names.map((name, c) => ({ name, shape: [table.length], datatype: 'FP64', data: table.map((row) => row[c]) })).reverse() })],
        ] as const;
        for (const [path, body] of requests) expect(answer(path, body, model).status).toBe(200);
        // JSON has no negative zero.
        const sent = table.map((row) => row.map((value) => (value === 0 ? 0 : value)));
        expect(model.asked.map((call) => call.rows)).toEqual(requests.map(() => sent));
      }),
    );
  });
});

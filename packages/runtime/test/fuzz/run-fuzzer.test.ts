import { type FuzzClient, type Fuzzer, Hang } from './fuzzer';
import { runFuzzer } from './run-fuzzer';

const OK = { answer: 'OK', kept: true, refused: false } as const;
const NO = { answer: 'NO', kept: false, refused: true } as const;
const target = { port: 0, connections: () => Promise.resolve(0) };

function fuzzer(client: Partial<FuzzClient>): Fuzzer {
  return { protocol: 'p', seeds: 3, connect: () => ({ send: async () => OK, works: async () => {}, close: () => {}, ...client }) };
}

const upTo = (cases: number) => (report: { readonly cases: number }): boolean => report.cases < cases;

test('answers are counted', async () => {
  const report = await runFuzzer(fuzzer({ send: async (_, number) => (number % 3 === 0 ? NO : OK) }), target, { seed: 1, goesOn: upTo(9) });
  expect(report).toEqual({ protocol: 'p', seeds: 3, cases: 9, answers: { NO: 3, OK: 6 }, refused: 3, kept: 6, problems: [] });
});

test('a case is the same whatever was before it', async () => {
  const drawn: number[][] = [[], []];
  const drawInto = (numbers: number[] | undefined): Fuzzer => fuzzer({ send: async (random) => (numbers?.push(random(1000)), OK) });
  await runFuzzer(drawInto(drawn[0]), target, { seed: 5, goesOn: upTo(8) });
  await runFuzzer(drawInto(drawn[1]), target, { seed: 5, first: 6, goesOn: upTo(2) });
  expect(new Set(drawn[0]).size).toBeGreaterThan(4);
  expect(drawn[1]).toEqual(drawn[0]?.slice(6));
});

test.each([
  ['a wrong answer', { send: async (_: unknown, number: number) => { if (number === 4) throw new Error('500'); return OK; } }, { kind: 'answer', number: 4, text: '500' }],
  ['no answer', { send: async (_: unknown, number: number) => { if (number === 7) throw new Hang('none'); return OK; } }, { kind: 'hang', number: 7, text: 'none' }],
])('%s is a problem of its case, and the next ones are sent on another connection', async (_, client, problem) => {
  const report = await runFuzzer(fuzzer(client), target, { seed: 1, goesOn: upTo(12) });
  expect(report).toMatchObject({ cases: 12, problems: [problem] });
});

test('a correct request that fails, connections that are left and the end of the server are problems', async () => {
  const failing = await runFuzzer(fuzzer({ works: async () => { throw new Error('not kept'); } }), target, { seed: 1, goesOn: upTo(5) });
  expect(failing.problems).toEqual([{ kind: 'answer', number: 4, text: 'not kept' }]);
  const crashed = await runFuzzer(fuzzer({}), target, { seed: 1, goesOn: upTo(5), ended: () => 'SIGSEGV' });
  expect(crashed).toMatchObject({ cases: 1, problems: [{ kind: 'crash', number: 0, text: 'SIGSEGV' }] });
  let open = 0;
  const left = await runFuzzer(fuzzer({ send: async () => (open++, OK) }), { port: 0, connections: () => Promise.resolve(open) }, { seed: 1, goesOn: upTo(2), letGoMs: 20 });
  expect(left.problems).toEqual([{ kind: 'hang', number: 1, text: '2 connections are open after their clients have left' }]);
});

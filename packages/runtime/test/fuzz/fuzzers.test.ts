import { FUZZ_SEED, heapInUse } from '../support/fuzz';
import { FUZZERS } from './fuzzers';
import type { Fuzzer } from './fuzzer';
import { runFuzzer } from './run-fuzzer';
import { startTarget } from './target';

const GROWTH_BYTES = 16 * 1024 * 1024;

/** Where fewer or more are refused, the cases are too whole or too damaged to show anything. */
const REFUSED = [0.2, 0.97] as const;
/** `npm run fuzz` sends more. */
const CASES: Readonly<Record<string, number>> = { v1: 400, cloudevents: 300, 'v2-json': 400, 'v2-binary': 400, 'http1-bytes': 500, grpc: 900, 'http2-bytes': 300, 'http2-floods': 29 };

const TABLE = FUZZERS.map((fuzzer): readonly [string, Fuzzer] => [fuzzer.protocol, fuzzer]);

test.each(TABLE)(`%s: cases of seed ${FUZZ_SEED}: typed answers, no growth, no connection is left, and the next request is answered`, async (protocol, fuzzer) => {
  const target = await startTarget(fuzzer.idleSeconds);
  const cases = CASES[protocol] as number;
  let half: number | undefined;
  const report = await runFuzzer(fuzzer, target, {
    seed: FUZZ_SEED,
    goesOn: (soFar) => {
      if (soFar.cases >= cases / 2) half ??= heapInUse();
      return soFar.cases < cases;
    },
  });
  const growth = heapInUse() - (half ?? 0);
  expect(await target.close()).toBe(0);
  expect(report.problems).toEqual([]);
  expect(target.faults).toEqual([]);
  expect(report.refused).toBeGreaterThan(cases * REFUSED[0]);
  expect(report.refused).toBeLessThan(cases * REFUSED[1]);
  expect(growth).toBeLessThan(GROWTH_BYTES);
});

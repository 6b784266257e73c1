import { strict as assert } from 'node:assert';
import { ONE_ROW, v1Request, v2Request } from './requests';
import type { RunningContender } from './servers';

interface Answer {
  readonly predictions?: readonly unknown[];
  readonly outputs?: readonly { readonly data: readonly unknown[] }[];
}

const DEADLINE_MS = 180_000;
const PAUSE_MS = 5;

/** Asks until the model answers, and checks what it says. */
export async function firstAnswer(server: RunningContender): Promise<void> {
  const { name, serves, echoes } = server.contender;
  const request = serves.v1 ? v1Request(ONE_ROW) : v2Request(ONE_ROW);
  for (const deadline = performance.now() + DEADLINE_MS; performance.now() < deadline; await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))) {
    const answer = await ask(server, request).catch(() => undefined);
    if (!answer) continue;
    if (echoes) assert.deepEqual(answer, questionOf(request));
    else assert.equal(classOf(numbersOf(answer)), 1, name);
    return;
  }
  throw new Error(`${name} did not answer within ${DEADLINE_MS / 1000} s`);
}

/** All servers must answer what the first one does, and echoes what they are asked. */
export async function checkEqual(servers: readonly RunningContender[], request: Buffer): Promise<void> {
  const answers = await Promise.all(servers.map((server) => ask(server, request)));
  const first = numbersOf(answers[0]);
  assert.ok(first.length > 0);
  servers.forEach(({ contender }, s) => {
    if (contender.echoes) return assert.deepEqual(answers[s], questionOf(request));
    const numbers = numbersOf(answers[s]);
    assert.equal(numbers.length, first.length, contender.name);
    // Labels are whole numbers; probabilities of boosters differ in their last bits.
    numbers.forEach((value, i) => assert.ok(Math.abs(value - (first[i] as number)) <= 1e-6, `answer ${i} of ${contender.name} is ${value}, not ${first[i]}`));
  });
}

/** @returns undefined where it answers with an error. */
async function ask({ ports }: RunningContender, request: Buffer): Promise<Answer | undefined> {
  const { path } = /^POST (?<path>\S+)/.exec(request.toString('latin1', 0, 200))?.groups as { path: string };
  const response = await fetch(`http://127.0.0.1:${ports.http}${path}`, { method: 'POST', body: bodyOf(request), headers: { 'content-type': 'application/json', connection: 'close' } });
  return response.ok ? ((await response.json()) as Answer) : undefined;
}

function bodyOf(request: Buffer): string {
  return request.toString('utf8', request.indexOf('\r\n\r\n') + 4);
}

function questionOf(request: Buffer): unknown {
  return JSON.parse(bodyOf(request));
}

function numbersOf(answer: Answer | undefined): readonly number[] {
  return (answer?.predictions ?? answer?.outputs?.[0]?.data ?? []).flat(2).map(Number);
}

/** A label, or the place of the highest probability. */
function classOf(values: readonly number[]): number {
  return values.length === 1 ? (values[0] as number) : values.indexOf(Math.max(...values));
}

import type { FakeModel } from '../support/fake-model';
import { fakeModel } from '../support/fake-model';
import { type EchoModel, echoModel } from '../support/echo-model';
import { type Answer, ask } from '../support/http';
import { serveRepository } from '../support/served';
import { createServedModel } from '../../src/server/served-model';

/** A server of a table model `sk` (the sum of each row of four) and a model `echo` that answers with its tensors. */
export interface Subject {
  readonly port: number;
  readonly sk: FakeModel;
  readonly echo: EchoModel;
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  get(path: string): Promise<Answer>;
}

/** What a protocol says, in one sentence, and how it shows. */
export type Rule = readonly [sentence: string, check: (subject: Subject) => Promise<void>];

export async function subject(options: Parameters<typeof serveRepository>[1] = {}): Promise<Subject> {
  const [sk, echo] = [fakeModel(), echoModel()];
  const { port } = await serveRepository([createServedModel('sk', sk), createServedModel('echo', echo)], options);
  return {
    port, sk, echo,
    post: (path, body, headers = {}) => ask(port, path, { body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body), headers }),
    get: (path) => ask(port, path),
  };
}

/** A test for each rule; names of tests are the sentences. */
export function conforms(rules: readonly Rule[], options: Parameters<typeof subject>[0] = {}): void {
  test.each(rules.map(([sentence, check]) => [sentence, check] as const))('%s', async (_sentence, check) => check(await subject(options)));
}

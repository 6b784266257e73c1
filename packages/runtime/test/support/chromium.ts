import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { tempFolder } from './temp-folder';
import { until } from '../../../../test/support/until';

interface Message {
  readonly id?: number;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

/** One tab of a headless Chromium, driven over the pipe of the DevTools protocol. */
export interface Tab {
  send(method: string, params?: object): Promise<Record<string, unknown>>;
  /** Value of an expression, awaited where it is a promise; what it throws is thrown. */
  evaluate(expression: string): Promise<unknown>;
  close(): Promise<void>;
}

/** @param program the Chromium to start. */
export async function openTab(program: string, url: string): Promise<Tab> {
  const child = spawn(program, ['--headless=new', '--no-sandbox', '--disable-gpu', '--remote-debugging-pipe', `--user-data-dir=${tempFolder()}`, '--window-size=1000,900', 'about:blank'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  const ask = devTools(child);
  const { targetId } = await ask('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await ask('Target.attachToTarget', { targetId, flatten: true });
  const send: Tab['send'] = (method, params) => ask(method, params, sessionId as string);
  await send('Page.navigate', { url });
  // Until the page is there, its context is still the blank one's, which goes away.
  const arrived = `location.href === ${JSON.stringify(url)} && document.readyState === 'complete'`;
  let there: unknown = false;
  await until('the page: loaded', () => {
    void send('Runtime.evaluate', { expression: arrived, returnByValue: true }).then(({ result }) => (there = (result as { value?: unknown }).value), () => {});
    return there === true;
  });
  return {
    send,
    evaluate: async (expression) => {
      const { result, exceptionDetails } = (await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })) as { result: { value: unknown }; exceptionDetails?: { text: string } };
      if (exceptionDetails) throw new Error(`${exceptionDetails.text}: ${expression}`);
      return result.value;
    },
    close: async () => {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
  };
}

function devTools(child: ChildProcess): (method: string, params?: object, sessionId?: string) => Promise<Record<string, unknown>> {
  const [, , , input, output] = child.stdio as unknown as [null, null, null, Writable, Readable];
  const waiting = new Map<number, { resolve(result: Record<string, unknown>): void; reject(error: Error): void }>();
  let received = '';
  let nextId = 1;
  output.setEncoding('utf8').on('data', (chunk: string) => {
    received += chunk;
    for (let end = received.indexOf('\0'); end >= 0; end = received.indexOf('\0')) {
      const { id, result, error } = JSON.parse(received.slice(0, end)) as Message;
      received = received.slice(end + 1);
      const entry = id === undefined ? undefined : waiting.get(id);
      if (id === undefined || !entry) continue;
      waiting.delete(id);
      if (error) entry.reject(new Error(error.message));
      else entry.resolve(result ?? {});
    }
  });
  return (method, params = {}, sessionId) => new Promise((resolve, reject) => {
    const id = nextId++;
    waiting.set(id, { resolve, reject });
    input.write(`${JSON.stringify({ id, method, params, ...(sessionId ? { sessionId } : {}) })}\0`);
  });
}

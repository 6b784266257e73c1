import type { ServerResponse } from 'node:http';
import { HttpKubeApi, type HttpKubeApiOptions } from '../../src/kube/http-kube-api';
import type { WatchEvent } from '../../src/kube/kube-api';
import { ScriptedServer, sendStatus } from '../support/scripted-server';
import { WIDGETS } from '../support/scripted-kube-api';

let server: ScriptedServer;
let api: HttpKubeApi | undefined;

beforeEach(async () => {
  server = await new ScriptedServer().start();
});

afterEach(async () => {
  api?.close();
  await server.stop();
});

interface Watching {
  readonly events: WatchEvent[];
  /** Undefined when the watch ended without an error. */
  readonly error: Promise<unknown>;
  readonly abort: AbortController;
}

/** Watches widgets; `serve` gets the open response. */
function watch(serve: (response: ServerResponse) => void, options: HttpKubeApiOptions = {}): Watching {
  api = new HttpKubeApi({ url: server.url }, options);
  server.on('GET /apis/test/v1/namespaces/ml/widgets', (_request, response) => serve(response.writeHead(200)));
  const abort = new AbortController();
  const events: WatchEvent[] = [];
  const stream = api.watch(WIDGETS, { namespace: 'ml', resourceVersion: '5', signal: abort.signal });
  const error = (async () => {
    for await (const event of stream) {
      events.push(event);
      if (event.type === 'BOOKMARK' && event.resourceVersion === 'stop') {
        abort.abort();
      }
    }
  })().then(() => undefined, (e: unknown) => e);
  return { events, error, abort };
}

function line(type: string, name: string, resourceVersion: string): string {
  return `${JSON.stringify({ type, object: { apiVersion: 'test/v1', kind: 'Widget', metadata: { name, resourceVersion } } })}\n`;
}

describe('watch', () => {
  test('asks for bookmarks from the given version on', async () => {
    const { error } = watch((response) => response.end());
    expect(await error).toBeUndefined();
    const { query } = server.seen[0] ?? { query: new URLSearchParams() };
    expect(Object.fromEntries(query)).toMatchObject({ watch: 'true', resourceVersion: '5', allowWatchBookmarks: 'true' });
    expect(Number(query.get('timeoutSeconds'))).toBeGreaterThanOrEqual(300);
  });

  test('reads events however the bytes are cut, even inside a character', async () => {
    const bytes = Buffer.from(line('ADDED', 'käse', '6') + line('MODIFIED', 'käse', '7') + line('BOOKMARK', '', '9') + line('DELETED', 'käse', '10'));
    const { events, error } = watch((response) => {
      let at = 0;
      const next = (): void => {
        if (at >= bytes.length) {
          response.end();
        } else {
          response.write(bytes.subarray(at, at + 7), next);
          at += 7;
        }
      };
      next();
    });
    expect(await error).toBeUndefined();
    expect(events.map((e) => (e.type === 'BOOKMARK' ? `BOOKMARK ${e.resourceVersion}` : `${e.type} ${e.object.metadata.name}`)))
      .toEqual(['ADDED käse', 'MODIFIED käse', 'BOOKMARK 9', 'DELETED käse']);
  });

  test('a line cut off by the end of the stream is dropped', async () => {
    const { events, error } = watch((response) => response.end(line('ADDED', 'a', '6') + line('ADDED', 'b', '7').slice(0, 20)));
    expect(await error).toBeUndefined();
    expect(events).toHaveLength(1);
  });

  test('an ERROR event 410 is thrown as such', async () => {
    const gone = { type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' } };
    const { error } = watch((response) => response.write(`${JSON.stringify(gone)}\n`));
    expect(await error).toMatchObject({ statusCode: 410, reason: 'Expired' });
  });

  test('a refusal before the stream is thrown', async () => {
    const { error } = watch(() => {});
    server.on('GET /apis/test/v1/namespaces/ml/widgets', (_request, response) => sendStatus(response, 403, 'Forbidden', 'no'));
    expect(await error).toMatchObject({ statusCode: 403 });
  });

  test('a connection that breaks in the middle is an error', async () => {
    const { error } = watch((response) => response.write(line('ADDED', 'a', '6'), () => response.socket?.destroy()));
    expect(await error).toMatchObject({ code: 'ISVC_KUBE_UNREACHABLE' });
  });

  test('a line that is not JSON is an error that quotes it', async () => {
    const { error } = watch((response) => response.write('<html>\n'));
    expect(await error).toMatchObject({ code: 'ISVC_KUBE_UNREACHABLE', message: expect.stringContaining('<html>') as string });
  });

  test('the signal ends it without an error', async () => {
    const { error } = watch((response) => response.write(line('BOOKMARK', '', 'stop')));
    expect(await error).toBeUndefined();
  });

  test('a half-dead connection ends by itself', async () => {
    const { events, error } = watch((response) => response.write(line('ADDED', 'a', '6')), { watchIdleMs: 1000 });
    expect(await error).toBeUndefined();
    expect(events).toHaveLength(1);
  });
});

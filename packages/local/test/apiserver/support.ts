import type { JsonObject, KubeObject } from 'cdk8s-kserve/api';
import { type ApiServer, type ApiServerOptions, startApiServer } from '../../src/apiserver/api-server';

export interface Reply {
  readonly code: number;
  readonly body: KubeObject & { readonly items?: readonly KubeObject[] };
  readonly headers: Headers;
}

export interface CallOptions {
  readonly type?: string;
  readonly accept?: string;
  readonly userAgent?: string;
}

/** A running server with short ways to talk to it. */
export interface TestServer {
  readonly server: ApiServer;
  call(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Reply>;
  apply(path: string, body: unknown, query?: string): Promise<Reply>;
  watch(path: string): Promise<Watch>;
}

export const MERGE = 'application/merge-patch+json';
export const APPLY = 'application/apply-patch+yaml';

export async function startTestServer(options: ApiServerOptions = {}): Promise<TestServer> {
  const server = await startApiServer(options);
  const call: TestServer['call'] = async (method, path, body, { type = 'application/json', accept, userAgent = 'test/1' } = {}) => {
    const response = await fetch(server.url + path, {
      method,
      headers: { authorization: `Bearer ${server.token}`, 'content-type': type, 'user-agent': userAgent, ...(accept ? { accept } : {}) },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { code: response.status, body: parse(text) as Reply['body'], headers: response.headers };
  };
  return {
    server,
    call,
    apply: (path, body, query = 'fieldManager=me') => call('PATCH', `${path}?${query}`, body, { type: APPLY }),
    watch: (path) => Watch.open(server, path),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { text };
  }
}

export interface SeenEvent {
  readonly type: string;
  readonly object: KubeObject & { readonly code?: number; readonly reason?: string };
}

/** The events of one watch, in order. */
export class Watch {
  private readonly controller: AbortController;
  private readonly lines: AsyncGenerator<SeenEvent>;

  private constructor(response: Response, controller: AbortController) {
    this.controller = controller;
    this.lines = eventsOf(response);
  }

  static async open(server: ApiServer, path: string): Promise<Watch> {
    const controller = new AbortController();
    const response = await fetch(server.url + path, { headers: { authorization: `Bearer ${server.token}` }, signal: controller.signal });
    if (response.status !== 200) throw new Error(`watch answered ${response.status}: ${await response.text()}`);
    return new Watch(response, controller);
  }

  /** The next event, or undefined when the stream has ended. */
  async next(): Promise<SeenEvent | undefined> {
    const { value, done } = await this.lines.next() as IteratorResult<SeenEvent, undefined>;
    return done ? undefined : value;
  }

  /** `TYPE name` of the next events. */
  async take(count: number): Promise<string[]> {
    const seen: string[] = [];
    for (let i = 0; i < count; i++) {
      const event = await this.next();
      seen.push(event ? `${event.type} ${event.object.metadata?.name ?? ''}`.trim() : 'END');
    }
    return seen;
  }

  close(): void {
    this.controller.abort();
  }
}

async function* eventsOf(response: Response): AsyncGenerator<SeenEvent> {
  let rest = '';
  const decoder = new TextDecoder();
  try {
    for await (const chunk of response.body ?? []) {
      const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield JSON.parse(line) as SeenEvent;
    }
  } catch {
    // The test or the server ended the stream.
  }
}

export const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
export const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';

export function configMap(name: string, extra: JsonObject = {}): JsonObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...(extra['metadata'] as object | undefined) }, data: extra['data'] ?? { a: '1' } };
}

export function deployment(name: string, spec: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name },
    spec: { selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image: 'x:1' }] } }, ...spec },
  };
}

import { Agent, createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { KubeApi } from 'cdk8s-kserve-controller';
import type { PlayedServices } from '../../support/played-services';
import { repeat } from '../../support/repeat';
import { INGRESSES } from './played-ingress';

interface Split {
  readonly serviceNamespace: string;
  readonly serviceName: string;
  readonly servicePort: number;
  readonly percent?: number;
  readonly appendHeaders?: Readonly<Record<string, string>>;
}

interface Rule {
  readonly hosts: readonly string[];
  readonly http: { readonly paths: readonly { readonly headers?: object; readonly splits: readonly Split[] }[] };
}

export interface PlayedGateway {
  readonly url: string;
  /** Requests that went to each address and port so far. */
  readonly passed: ReadonlyMap<string, number>;
  stop(): Promise<void>;
}

/** Plays the data path of Knative's ingress layer: asks the Ingress where a host's requests go, and the endpoints of that Service who answers. */
export async function playGateway(api: KubeApi, services: PlayedServices): Promise<PlayedGateway> {
  let rules: readonly Rule[] = [];
  const follow = async (): Promise<void> => {
    const { items } = await api.list(INGRESSES);
    rules = items.flatMap((ingress) => (ingress['spec'] as { rules: readonly Rule[] }).rules);
  };
  await follow();
  const loop = repeat(follow);
  const passed = new Map<string, number>();
  const agent = new Agent({ keepAlive: true });

  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const split = splitOf(rules.find(({ hosts }) => hosts.includes(request.headers.host ?? '')));
    const backend = split && services.backend(split.serviceNamespace, split.serviceName, split.servicePort);
    if (!backend) return void response.writeHead(503).end(split ? `nobody is behind ${split.serviceName}` : `no rule has host ${request.headers.host}`);
    const to = `${backend.host}:${backend.port}`;
    passed.set(to, (passed.get(to) ?? 0) + 1);
    const call = httpRequest({ ...backend, agent, method: request.method, path: request.url, headers: { ...request.headers, ...split.appendHeaders } }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    call.once('error', (error) => response.headersSent ? response.destroy() : response.writeHead(502).end(`${to}: ${error.message}`));
    request.pipe(call);
  };

  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed,
    stop: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await loop.stop();
    },
  };
}

/** By the shares in percent. Paths that want headers are those of tags. */
function splitOf(rule: Rule | undefined): Split | undefined {
  const splits = rule?.http.paths.find(({ headers }) => headers === undefined)?.splits ?? [];
  let share = 100 * Math.random();
  return splits.find(({ percent = 100 }) => (share -= percent) < 0);
}

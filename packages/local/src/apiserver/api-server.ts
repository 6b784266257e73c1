import { randomBytes } from 'node:crypto';
import { IsvcError } from 'cdk8s-kserve/api';
import { CelRules } from './cel/cel-rules';
import { type Clock, SYSTEM_CLOCK } from './clock';
import { CrdController } from './controllers/crd-controller';
import { GarbageCollector } from './controllers/garbage-collector';
import { NamespaceController } from './controllers/namespace-controller';
import { ApiRequestHandler } from './http/api-request-handler';
import { DualListener } from './http/dual-listener';
import type { PodAccess } from './http/pod-access';
import { type ApiSet, builtInResources } from './resources/built-in-resources';
import { ResourceRegistry } from './resources/resource-registry';
import { ObjectStore } from './storage/object-store';
import { selfSignedCertificate } from './tls/self-signed-certificate';
import { ObjectWriter } from './write/object-writer';

export interface ApiServerOptions {
  /** @default - a free port */
  readonly port?: number;
  /** The bearer token that every request must carry. @default - a random one */
  readonly token?: string;
  /** @default - the system clock */
  readonly clock?: Clock;
  /** Which optional APIs are there, as if their CRDs were installed. @default - all of them */
  readonly apis?: readonly ApiSet[];
  /** Writes per resource that a watch can start back at. @default 1000 */
  readonly watchHistory?: number;
}

export interface ApiServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Plain HTTP and HTTPS alike. */
  readonly port: number;
  readonly token: string;
  /** What a client trusts over HTTPS, as PEM; made anew at each start. */
  readonly certificate: string;
  /** What is stored, for assertions; write through the API. */
  readonly store: ObjectStore;
  /** Connects the subresources of pods to what runs them; the last call counts. @default - pods have no logs */
  setPodAccess(access: PodAccess): void;
  /** Ends every watch and connection. */
  close(): Promise<void>;
}

/**
 * Starts an API server in this process: the REST semantics of Kubernetes over an in-memory store, on loopback only.
 * CRDs are checked by their schemas and their CEL rules (`x-kubernetes-validations`).
 * @throws IsvcError ISVC_SERVER_PORT_IN_USE
 */
export async function startApiServer(options: ApiServerOptions = {}): Promise<ApiServer> {
  const token = options.token ?? randomBytes(24).toString('base64url');
  const registry = new ResourceRegistry();
  for (const resource of builtInResources(options.apis)) registry.add(resource);
  const store = new ObjectStore({ historyLimit: options.watchHistory ?? 1000 });
  const writer = new ObjectWriter(store, options.clock ?? SYSTEM_CLOCK, await CelRules.load());
  const controllers = [new NamespaceController(writer, registry), new CrdController(writer, registry), new GarbageCollector(writer, registry)];
  const handler = new ApiRequestHandler({ registry, writer, token, clock: options.clock ?? SYSTEM_CLOCK });

  const certificate = selfSignedCertificate(new Date());
  const listener = new DualListener(certificate, (request, response) => void handler.handle(request, response));
  const port = await listener.listen(options.port ?? 0).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new IsvcError('ISVC_SERVER_PORT_IN_USE', `port ${options.port ?? 0} of 127.0.0.1 is taken`, { hint: 'stop the other process or choose another port', cause: error });
  });
  for (const controller of controllers) controller.start();
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    token,
    certificate: certificate.certificate,
    store,
    setPodAccess: (access) => handler.setPodAccess(access),
    close: async () => {
      for (const controller of controllers) controller.stop();
      await listener.close();
    },
  };
}

/** The kubeconfig, as YAML text, with which kubectl talks to the server; over TLS, since kubectl sends tokens only there. */
export function kubeconfigFor(server: Pick<ApiServer, 'port' | 'token' | 'certificate'>, name = 'cdk8s-kserve'): string {
  return [
    'apiVersion: v1',
    'kind: Config',
    'clusters:',
    `- name: ${name}`,
    '  cluster:',
    `    server: https://127.0.0.1:${server.port}`,
    `    certificate-authority-data: ${Buffer.from(server.certificate).toString('base64')}`,
    'users:',
    `- name: ${name}`,
    `  user: {token: ${JSON.stringify(server.token)}}`,
    'contexts:',
    `- name: ${name}`,
    `  context: {cluster: ${name}, user: ${name}, namespace: default}`,
    `current-context: ${name}`,
    '',
  ].join('\n');
}

// KServe's own manager on a control plane of `start.mjs`, as its release installs it: CRDs, ConfigMap and webhooks from the module's `config` folder.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeObject, ObjectRef } from 'cdk8s-kserve/api';
import type { KubeApi } from 'cdk8s-kserve-controller';
import { parse, parseAllDocuments } from 'yaml';
import { selfSignedCertificate } from '../../packages/local/src/apiserver/tls/self-signed-certificate';
import { freePorts } from '../support/free-ports.cjs';

export const KSERVE_NAMESPACE = 'kserve';
/** How services without Knative are published: KServe's `ingress` setting. */
export type Routes = 'Ingress' | 'HTTPRoute';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Answers 200 once it works. */
  readonly readyUrl: string;
}

export interface KserveInstallation {
  readonly command: Command;
  /** Without the manager its webhooks refuse every write. */
  removeWebhooks(): Promise<void>;
}

interface Webhook {
  readonly clientConfig: { readonly service: { readonly path: string } };
}

/**
 * Installs what the manager needs, and says how to start it. The caller has admin rights, and so has the kubeconfig: what is
 * compared is what the manager does, not its RBAC.
 *
 * @param programs the folder that `rigPrograms('kserve')` gave
 * @param folder an empty one, for the certificate
 */
export async function installKserve(api: KubeApi, programs: string, folder: string, options: { readonly kubeconfig: string; readonly routes: Routes }): Promise<KserveInstallation> {
  await crdsServed(api, crds(programs));
  await api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: KSERVE_NAMESPACE } }, { fieldManager: 'install', force: true });
  await api.apply(platformConfig(programs, options.routes), { fieldManager: 'install', force: true });
  const [webhookPort = 0, probePort = 0] = await freePorts(2);
  const { certificate, privateKey } = selfSignedCertificate(new Date());
  // Where controller-runtime looks for the certificate cannot be told by a flag of the manager, only by TMPDIR.
  const certificates = join(folder, 'k8s-webhook-server', 'serving-certs');
  mkdirSync(certificates, { recursive: true });
  writeFileSync(join(certificates, 'tls.crt'), certificate);
  writeFileSync(join(certificates, 'tls.key'), privateKey, { mode: 0o600 });
  const hooks = webhooks(programs, `https://127.0.0.1:${webhookPort}`, certificate);
  for (const hook of hooks) await api.apply(hook, { fieldManager: 'install', force: true });
  return {
    command: {
      file: join(programs, 'manager'),
      args: ['--kubeconfig', options.kubeconfig, '--metrics-addr', '0', '--health-probe-addr', `127.0.0.1:${probePort}`, '--webhook-port', String(webhookPort), '--zap-log-level', 'error'],
      env: { TMPDIR: folder, POD_NAMESPACE: KSERVE_NAMESPACE },
      readyUrl: `http://127.0.0.1:${probePort}/readyz`,
    },
    removeWebhooks: async () => {
      for (const { apiVersion, kind, metadata } of hooks) await api.delete({ apiVersion, kind, name: metadata.name } as ObjectRef);
    },
  };
}

function crds(programs: string): readonly KubeObject[] {
  const folder = join(programs, 'config/crd/full');
  const files = ['', 'clusterstoragecontainer'].flatMap((part) => readdirSync(join(folder, part)).filter((name) => name.startsWith('serving.')).map((name) => join(folder, part, name)));
  return [...files.map((file) => parse(readFileSync(file, 'utf8')) as KubeObject), httpRouteCrd(programs)];
}

/** HTTPRoute with its real schema and defaults. */
export function httpRouteCrd(programs: string): KubeObject {
  return parse(readFileSync(join(programs, 'crds/gatewayapi_httproute.yaml'), 'utf8')) as KubeObject;
}

/** Installs the kinds; resolves when they are served. */
export async function crdsServed(api: KubeApi, definitions: readonly KubeObject[]): Promise<void> {
  for (const crd of definitions) await api.apply(crd, { fieldManager: 'install', force: true });
  for (const crd of definitions) {
    const { group, names, versions } = crd['spec'] as { group: string; names: { kind: string }; versions: { name: string }[] };
    for (const end = Date.now() + 30_000; !(await api.discover(`${group}/${versions[0]?.name ?? ''}`, names.kind, { refresh: true })); ) {
      if (Date.now() > end) throw new Error(`${names.kind} is not served after 30 s`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** The ConfigMap as shipped but for what says how services are deployed and published. */
function platformConfig(programs: string, routes: Routes): KubeObject {
  const shipped = parse(readFileSync(join(programs, 'config/configmap/inferenceservice.yaml'), 'utf8')) as KubeObject & { data: Record<string, string> };
  const ingress = JSON.parse(shipped.data['ingress'] ?? '{}') as object;
  return {
    apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: shipped.metadata.name, namespace: KSERVE_NAMESPACE },
    data: { ...shipped.data, deploy: JSON.stringify({ defaultDeploymentMode: 'Standard' }), ingress: JSON.stringify({ ...ingress, enableGatewayApi: routes === 'HTTPRoute', disableIstioVirtualHost: true }) },
  };
}

function webhooks(programs: string, url: string, certificate: string): readonly KubeObject[] {
  const caBundle = Buffer.from(certificate).toString('base64');
  return parseAllDocuments(readFileSync(join(programs, 'config/webhook/manifests.yaml'), 'utf8')).map((document) => {
    const { apiVersion, kind, metadata, webhooks: shipped } = document.toJS() as KubeObject & { webhooks: readonly Webhook[] };
    return { apiVersion, kind, metadata: { name: metadata.name }, webhooks: shipped.map((hook) => ({ ...hook, clientConfig: { url: url + hook.clientConfig.service.path, caBundle } })) };
  });
}

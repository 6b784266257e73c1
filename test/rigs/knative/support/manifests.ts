import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeObject } from 'cdk8s-kserve/api';
import { parseObjects } from '../../../support/canonical';

/** Programs run as processes here, with an administrator's rights, so what would run and permit them as pods is left out. */
const APPLIED = ['Namespace', 'ConfigMap', 'Secret', 'Service', 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];

/** What services may ask of their pods only where Knative's administrator allows it. */
const FEATURES = ['init-containers', 'persistent-volume-claim', 'persistent-volume-write', 'volumes-image', 'shareprocessnamespace', 'nodeselector', 'tolerations'].map((feature) => `kubernetes.podspec-${feature}`);

/** What ConfigMaps of Knative say, by their names. */
export type Settings = Readonly<Record<string, Readonly<Record<string, string>>>>;

function manifests(folder: string): KubeObject[] {
  const files = readdirSync(join(folder, 'config'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml')).sort();
  return files.flatMap((file) => parseObjects(readFileSync(join(folder, 'config', file), 'utf8').replaceAll('ko://', 'registry.example/')));
}

/** The CRDs of Knative Serving and of its ingress layer. */
export function knativeCrds(folder: string): readonly KubeObject[] {
  return manifests(folder).filter(({ kind }) => kind === 'CustomResourceDefinition');
}

/**
 * Knative's own configuration, with what a cluster administrator sets for model serving.
 *
 * @param webhookPort where the webhook listens on this machine
 * @param further settings that come last
 */
export function knativeConfiguration(folder: string, webhookPort: number, further: Settings): readonly KubeObject[] {
  const settings: Settings = {
    'config-features': Object.fromEntries(FEATURES.map((feature) => [feature, 'enabled'])),
    'config-deployment': { 'registries-skipping-tag-resolving': REGISTRIES.join(','), 'progress-deadline': '10s' },
    'config-autoscaler': { 'allow-zero-initial-scale': 'true' },
    'config-domain': { 'example.com': '' },
  };
  const order = (object: KubeObject): number => APPLIED.indexOf(object.kind);
  return manifests(folder).filter((object) => order(object) >= 0).sort((a, b) => order(a) - order(b)).map((object): KubeObject => {
    const { name } = object.metadata;
    if (object.kind === 'ConfigMap') return { ...object, data: { ...(object['data'] as object), ...settings[name], ...further[name] } };
    if (object.kind === 'Service' && name === 'webhook') return { ...object, spec: { type: 'ExternalName', externalName: 'localhost' } };
    // No pods are behind its Services.
    if (object.kind === 'Service') return { ...object, spec: { ...(object['spec'] as object), selector: undefined } };
    if (!object.kind.endsWith('WebhookConfiguration')) return object;
    const webhooks = (object['webhooks'] as { clientConfig: { service: object } }[]).map((webhook) => ({ ...webhook, clientConfig: { service: { ...webhook.clientConfig.service, port: webhookPort } } }));
    return { ...object, webhooks };
  });
}

/** Lead the Services of programs to these, whose addresses are given by the program's name. */
export function endpointsOf(configuration: readonly KubeObject[], addresses: ReadonlyMap<string, string>): readonly KubeObject[] {
  return configuration.flatMap(({ kind, metadata: { name, namespace = '' }, spec }) => {
    const ip = addresses.get(name.replace(/-service$/, ''));
    if (kind !== 'Service' || ip === undefined) return [];
    const { ports } = spec as { readonly ports: readonly { readonly name: string; readonly targetPort: number }[] };
    return [{ apiVersion: 'v1', kind: 'Endpoints', metadata: { name, namespace }, subsets: [{ addresses: [{ ip }], ports: ports.map((port) => ({ name: port.name, port: port.targetPort })) }] }];
  });
}

/** Nothing is pulled here, so no registry is asked for digests. */
const REGISTRIES = ['index.docker.io', 'registry.example', 'kind.local', 'ko.local', 'dev.local', 'nvcr.io', 'ghcr.io', 'quay.io', 'example.com'];

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeObject } from 'cdk8s-kserve/api';
import { parseObjects } from '../../../support/canonical';

/** Programs run as processes here, with an administrator's rights, so what would run and permit them as pods is left out. */
const APPLIED = ['Namespace', 'ConfigMap', 'Secret', 'Service', 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];

/** What services may ask of their pods only where Knative's administrator allows it. */
const FEATURES = ['init-containers', 'persistent-volume-claim', 'persistent-volume-write', 'volumes-image', 'shareprocessnamespace', 'nodeselector', 'tolerations'].map((feature) => `kubernetes.podspec-${feature}`);

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
 */
export function knativeConfiguration(folder: string, webhookPort: number): readonly KubeObject[] {
  const settings: Record<string, Record<string, string>> = {
    'config-features': Object.fromEntries(FEATURES.map((feature) => [feature, 'enabled'])),
    'config-deployment': { 'registries-skipping-tag-resolving': REGISTRIES.join(','), 'progress-deadline': '10s' },
    'config-autoscaler': { 'allow-zero-initial-scale': 'true' },
    'config-domain': { 'example.com': '' },
  };
  const order = (object: KubeObject): number => APPLIED.indexOf(object.kind);
  return manifests(folder).filter((object) => order(object) >= 0).sort((a, b) => order(a) - order(b)).map((object): KubeObject => {
    const { name } = object.metadata;
    if (object.kind === 'ConfigMap') return { ...object, data: { ...(object['data'] as object), ...settings[name] } };
    if (object.kind === 'Service' && name === 'webhook') return { ...object, spec: { type: 'ExternalName', externalName: 'localhost' } };
    if (!object.kind.endsWith('WebhookConfiguration')) return object;
    const webhooks = (object['webhooks'] as { clientConfig: { service: object } }[]).map((webhook) => ({ ...webhook, clientConfig: { service: { ...webhook.clientConfig.service, port: webhookPort } } }));
    return { ...object, webhooks };
  });
}

/** Nothing is pulled here, so no registry is asked for digests. */
const REGISTRIES = ['index.docker.io', 'registry.example', 'kind.local', 'ko.local', 'dev.local', 'nvcr.io', 'ghcr.io', 'quay.io', 'example.com'];

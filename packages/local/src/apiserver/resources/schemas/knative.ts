import type { StructuralSchema } from 'cdk8s-kserve/api';
import { anyObject, int, keyed, list, object, text } from './build';

const open = (properties: Readonly<Record<string, StructuralSchema>>): StructuralSchema => ({ ...anyObject, properties });

/** Knative's CRDs merge container ports by key; every other list of a pod in them is atomic, unlike in a Deployment. */
const container = open({ ports: keyed(open({ containerPort: int, protocol: { type: 'string', default: 'TCP' } }), 'containerPort', 'protocol') });
const revisionSpec = open({ containers: list(container), initContainers: list(container) });
const template = open({ spec: revisionSpec });
const traffic = list(open({ revisionName: text, configurationName: text, latestRevision: { type: 'boolean' }, percent: int, tag: text, url: text }));

const status = (properties: Readonly<Record<string, StructuralSchema>> = {}): StructuralSchema => open({
  conditions: list(open({ type: text, status: text })), observedGeneration: int, ...properties,
});

export const knativeServiceSchema = object({ spec: open({ template, traffic }), status: status({ traffic }) });
export const knativeConfigurationSchema = object({ spec: open({ template }), status: status() });
export const knativeRevisionSchema = object({ spec: revisionSpec, status: status() });
export const knativeRouteSchema = object({ spec: open({ traffic }), status: status({ traffic }) });

import type { Deviation } from './compare-case';

/** A way in which our rendering differs from KServe's on purpose. docs/compatibility.md has the reason under the same id. */
export interface Difference {
  readonly id: string;
  /** Pure bookkeeping: nothing that runs or answers differs, so a case with only such differences counts as equal. */
  readonly bookkeeping?: true;
  readonly covers: (deviation: Deviation) => boolean;
}

const inCase = (d: Deviation, ...ids: readonly string[]): boolean => ids.some((id) => d.case === id || d.case.startsWith(`${id}-`));

export const DIFFERENCES: readonly Difference[] = [
  { id: 'no-webhook-annotations', bookkeeping: true, covers: (d) => d.path.includes('annotations.internal.serving.kserve.io/') },
  { id: 'no-format-annotation', bookkeeping: true, covers: (d) => d.object.startsWith('Ingress/') && d.path === 'metadata.annotations.modelFormat' },
  {
    id: 'no-mode-annotation',
    bookkeeping: true,
    // The whole map is missing where the two annotations that KServe adds are all there is.
    covers: (d) => d.path.endsWith('annotations.serving.kserve.io/deploymentMode') || (inCase(d, 'plain-r-rawmode', 'plain-r-rawpercent', 'plain-r-rawdefault') && d.object.startsWith('Ingress/') && d.path === 'metadata.annotations'),
  },
  { id: 'art-type', covers: (d) => inCase(d, 'art-bad-type') && d.path === 'refused' },
  { id: 'one-model', covers: (d) => inCase(d, 'old-and-new') && d.path === 'refused' },
  { id: 'ingress-canary', covers: (d) => inCase(d, 'raw-canary-r') && d.path === 'refused' },
  { id: 'request-metrics', covers: (d) => d.path === 'refused' && /an HPA cannot follow scaleMetric "(concurrency|rps)"/.test(d.detail) },
  { id: 'ingress-hosts', covers: (d) => d.object.startsWith('Ingress/') && inCase(d, 'explainer-custom-r', 'transformer-r') && d.path.startsWith('spec.rules[') },
  { id: 'visibility-labels', covers: (d) => inCase(d, 'cluster-local-s') && d.object.startsWith('VirtualService/') },
  { id: 'knative-domain', covers: (d) => d.case.endsWith('-s-pathtpl') && /\.example\.com/.test(d.detail.replaceAll('\\', '')) && d.object.startsWith('VirtualService/') },
  { id: 'storage-uri-variable', covers: (d) => inCase(d, 'hdfs-nouri') && d.path.endsWith('env[STORAGE_URI].value') },
  { id: 'probe-port', covers: (d) => inCase(d, 'probes') && d.path.endsWith('httpGet.port') },
  { id: 'router-container-name', bookkeeping: true, covers: (d) => d.case.startsWith('graph-') && d.path === 'spec.template.spec.containers[0].name' },
];

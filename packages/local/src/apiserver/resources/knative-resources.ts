import { jsonPathColumn } from '../table/cells';
import { define } from './define';
import { knativeConfigurationSchema, knativeRevisionSchema, knativeRouteSchema, knativeServiceSchema } from './schemas/knative';
import type { ServedResource } from './served-resource';

const text = (name: string, jsonPath: string): ReturnType<typeof jsonPathColumn> => jsonPathColumn({ name, type: 'string', jsonPath });
const READY = [text('Ready', '.status.conditions[?(@.type=="Ready")].status'), text('Reason', '.status.conditions[?(@.type=="Ready")].reason')];
const COMMON = { categories: ['all', 'knative', 'serving'], subresources: ['status'], custom: true, countsGeneration: true } as const;

/** Knative Serving, as if its CRDs were installed. */
export function knativeResources(): readonly ServedResource[] {
  return define('serving.knative.dev/v1', [
    {
      ...COMMON, plural: 'services', kind: 'Service', schema: knativeServiceSchema, shortNames: ['kservice', 'ksvc'],
      columns: [text('URL', '.status.url'), text('LatestCreated', '.status.latestCreatedRevisionName'), text('LatestReady', '.status.latestReadyRevisionName'), ...READY],
    },
    {
      ...COMMON, plural: 'configurations', kind: 'Configuration', schema: knativeConfigurationSchema, shortNames: ['config', 'cfg'],
      columns: [text('LatestCreated', '.status.latestCreatedRevisionName'), text('LatestReady', '.status.latestReadyRevisionName'), ...READY],
    },
    {
      ...COMMON, plural: 'revisions', kind: 'Revision', schema: knativeRevisionSchema, shortNames: ['rev'],
      columns: [
        text('Config Name', '.metadata.labels[\'serving.knative.dev/configuration\']'), text('Generation', '.metadata.labels[\'serving.knative.dev/configurationGeneration\']'), ...READY,
        jsonPathColumn({ name: 'Actual Replicas', type: 'integer', jsonPath: '.status.actualReplicas' }),
        jsonPathColumn({ name: 'Desired Replicas', type: 'integer', jsonPath: '.status.desiredReplicas' }),
      ],
    },
    { ...COMMON, plural: 'routes', kind: 'Route', schema: knativeRouteSchema, shortNames: ['rt'], columns: [text('URL', '.status.url'), ...READY] },
  ]);
}

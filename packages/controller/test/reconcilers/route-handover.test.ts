import type { KubeObject } from 'cdk8s-kserve/api';
import { silentLog } from '../../src/engine/log';
import type { KubeApi } from '../../src/kube/kube-api';
import type { ClusterCache } from '../../src/reconcilers/cluster-cache';
import { hastenRoutes, ROUTE_TRIES } from '../../src/reconcilers/route-handover';

const START = Date.parse('2026-01-01T00:00:00Z');
const service: KubeObject = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'iris-predictor', namespace: 'ml' } };

function knativeService(reason: string | undefined, metadata: object = {}): KubeObject {
  const routes = { type: 'RoutesReady', status: reason ? 'False' : 'True', ...(reason ? { reason } : {}) };
  return { apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { name: 'iris-predictor', namespace: 'ml', ...metadata }, status: { conditions: [routes] } };
}

/** Looks at the children as often as it is told to, for ten minutes at most; @returns when it wrote, in milliseconds. */
async function writes(children: KubeObject[]): Promise<number[]> {
  const written: number[] = [];
  let now = START;
  const api = {
    mergePatch: async (_ref: unknown, patch: { metadata: { annotations: Record<string, string> } }) => {
      written.push(now - START);
      children[0] = { ...children[0], metadata: { ...children[0]?.metadata, annotations: patch.metadata.annotations } } as KubeObject;
      return children[0];
    },
  } as unknown as KubeApi;
  const cache = { observe: () => undefined } as unknown as ClusterCache;
  const clock = { now: () => now, after: () => () => undefined };
  for (;;) {
    const again = await hastenRoutes(children, { api, cache, clock, log: silentLog });
    if (again === undefined || now > START + 600_000) return written;
    now += again;
  }
}

describe('a Route that could not have the name of its Service', () => {
  it('is told at once when the name is free, and a few more times, since what belongs to the Service goes later', async () => {
    expect(await writes([knativeService('NotOwned')])).toEqual([0, 500, 1500, 3500, 7500, 15_500]);
  });

  it.each([
    ['while the Service is ours', [knativeService('NotOwned'), service]],
    ['when it waits for something else', [knativeService('RevisionMissing')]],
    ['when it is ready', [knativeService(undefined)]],
    ['when it goes', [knativeService('NotOwned', { deletionTimestamp: '2026-01-01T00:00:00Z' })]],
    ['when it was told often enough', [knativeService('NotOwned', { annotations: { [ROUTE_TRIES]: '6 2026-01-01T00:00:00Z' } })]],
  ])('is left alone %s', async (_what, children) => {
    expect(await writes(children)).toEqual([]);
  });
});

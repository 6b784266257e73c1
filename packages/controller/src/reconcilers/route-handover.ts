import { KNATIVE_SERVING_API, refOf, type Condition, type KubeObject } from 'cdk8s-kserve/api';
import { serviceNamed } from 'cdk8s-kserve/status';
import type { Clock } from '../engine/clock';
import type { Log } from '../engine/log';
import type { KubeApi } from '../kube/kube-api';
import type { ClusterCache } from './cluster-cache';

/** On a Knative Service: how often its Route was told to try again, and when it was last. */
export const ROUTE_TRIES = 'serving.cdk8s-kserve.io/route-tries';
const MOST_TRIES = 6;
const FIRST_PAUSE_MS = 500;

export interface HandoverContext {
  readonly api: KubeApi;
  readonly cache: ClusterCache;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Has Knative look at once for the name of a Service that was given up for it. While the Service is ours Knative tries
 * ever more rarely, up to a quarter of an hour apart, and nothing answers from our giving it up to its next try. Any
 * change of a Knative Service has its Route try; a name that stays with somebody else is asked for a few times only.
 *
 * @returns after how many milliseconds to look again, if at all.
 */
export async function hastenRoutes(children: readonly KubeObject[], { api, cache, clock, log }: HandoverContext): Promise<number | undefined> {
  let againInMs: number | undefined;
  for (const child of children.filter((c) => waitsForName(c, children))) {
    const { tries, at } = triesOf(child);
    if (tries >= MOST_TRIES) continue;
    const now = clock.now();
    const pauseMs = tries === 0 ? 0 : FIRST_PAUSE_MS * 2 ** (tries - 1);
    const due = at + pauseMs - now;
    if (due <= 0) {
      cache.observe(await api.mergePatch(refOf(child), { metadata: { annotations: { [ROUTE_TRIES]: `${tries + 1} ${new Date(now).toISOString()}` } } }));
      log.info('hastened', { kind: 'Route', name: child.metadata.name, why: 'the Service of its name is free' });
    }
    againInMs = Math.min(againInMs ?? Infinity, due > 0 ? due : FIRST_PAUSE_MS * 2 ** tries);
  }
  return againInMs;
}

/** Its Route could not have the name, and we no longer have it. */
function waitsForName(child: KubeObject, children: readonly KubeObject[]): boolean {
  if (child.apiVersion !== KNATIVE_SERVING_API || child.metadata.deletionTimestamp) return false;
  const { conditions = [] } = (child['status'] ?? {}) as { readonly conditions?: readonly Condition[] };
  return conditions.some((c) => c.type === 'RoutesReady' && c.status === 'False' && c.reason === 'NotOwned')
    && serviceNamed(child.metadata.name, children) === undefined;
}

function triesOf({ metadata }: KubeObject): { readonly tries: number; readonly at: number } {
  const [tries = '', at = ''] = (metadata.annotations?.[ROUTE_TRIES] ?? '').split(' ');
  return { tries: Number(tries) || 0, at: Date.parse(at) || 0 };
}

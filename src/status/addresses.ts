import { type ComponentRole, type InferenceService, type InferenceServiceStatus, type KubeObject } from '../api';
import { serviceHost, type RenderResult } from '../render';
import { statusOf } from './knative-answer';
import { isKnative, roleOf } from './workloads';

/** Where callers are sent. */
type Addresses = Pick<InferenceServiceStatus, 'url' | 'address'>;

/** Addresses appear once something answers behind them, and stay while the service lives. */
export function addresses(rendered: RenderResult, ready: boolean, service: InferenceService): Addresses {
  const { endpoints } = rendered;
  if (!endpoints || !(ready || service.status?.url !== undefined || service.status?.address !== undefined)) return {};
  return { ...(endpoints.url ? { url: endpoints.url } : {}), address: { url: endpoints.address } };
}

/** The same as before. */
export function kept({ url, address }: InferenceServiceStatus): Addresses {
  return { ...(url ? { url } : {}), ...(address ? { address } : {}) };
}

/**
 * While what answers is not what the spec says (another mode, an earlier spec), callers are where they were sent; where nobody
 * was sent yet, it is to what answers.
 *
 * @param serving workloads of the version that answers
 */
export function whereItServes(serving: readonly KubeObject[], answers: boolean, previous: InferenceServiceStatus): Addresses {
  const inRole = (role: ComponentRole): KubeObject | undefined => serving.find((old) => roleOf(old) === role);
  const entry = inRole('transformer') ?? inRole('predictor');
  if (!entry || !answers || previous.address) return kept(previous);
  // Both modes give it the same name inside the cluster; of the hosts outside only Knative tells.
  const url = isKnative(entry) ? statusOf(entry).url : undefined;
  return { ...(url ? { url } : {}), address: { url: `http://${serviceHost(entry.metadata.name, entry.metadata.namespace ?? 'default')}` } };
}

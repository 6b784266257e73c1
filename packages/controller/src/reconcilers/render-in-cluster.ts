import { hasErrors, type InferenceService } from 'cdk8s-kserve/api';
import { render, serviceAccountFacts, type RenderResult, type SecretFacts, type World } from 'cdk8s-kserve/render';
import type { ClusterCache } from './cluster-cache';
import { namedSecrets } from './named-secrets';
import { observedOf, withoutLostRevisions } from './observed';
import { SecretForbidden, type SecretLookup } from './secret-lookup';
import { BY_NAMESPACE, BY_OWNER } from './watched-kinds';

export interface RenderedInCluster {
  readonly rendered: RenderResult;
  /** Secrets were read. Nothing tells when they change, so the service has to be looked at again by itself. */
  readonly readSecrets: boolean;
}

/**
 * `render` with all that the cluster knows about one service: the accounts and secrets of its namespace that it uses,
 * and how its canaries fare. Secrets are read only when a rendered pod would fetch with them.
 */
export async function renderInCluster(remembering: InferenceService, shared: World, cache: ClusterCache, secrets: SecretLookup): Promise<RenderedInCluster> {
  const { namespace = '', uid = '' } = remembering.metadata;
  const children = cache.byIndex('child', BY_OWNER, uid);
  const service = withoutLostRevisions(remembering, children);
  const base: World = { ...shared, serviceAccounts: cache.byIndex('account', BY_NAMESPACE, namespace).map(serviceAccountFacts) };
  const first = render(service, base);
  if (hasErrors(first.problems)) {
    return { rendered: first, readSecrets: false };
  }
  const observed = observedOf(service, children);
  const world = observed ? { ...base, observed } : base;
  const names = namedSecrets(service, first.children, world);
  if (names.length === 0) {
    return { rendered: observed ? render(service, world) : first, readSecrets: false };
  }
  try {
    const found = await Promise.all(names.map((name) => secrets.find(namespace, name)));
    const facts = found.filter((s): s is SecretFacts => s !== undefined);
    return { rendered: render(service, { ...world, secrets: facts }), readSecrets: true };
  } catch (error) {
    if (!(error instanceof SecretForbidden)) {
      throw error;
    }
    const hint = 'grant the controller get on secrets in that namespace';
    const problem = { code: 'ISVC_RENDER_STORAGE', severity: 'error', path: 'spec', message: error.message, hint } as const;
    return { rendered: { ...first, children: [], problems: [...first.problems, problem] }, readSecrets: true };
  }
}

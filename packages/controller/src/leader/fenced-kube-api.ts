import { IsvcError } from 'cdk8s-kserve/api';
import type { KubeApi } from '../kube/kube-api';

/**
 * The same API, which sends no write any more once the lease may be another's. A process that was held up (a machine that
 * slept, a processor that was busy) would otherwise send what it had in hand before it notices that its time is over.
 *
 * @param holds whether this process still leads, by its own clock
 */
export function fencedKubeApi(api: KubeApi, holds: () => boolean): KubeApi {
  const guarded = <Args extends readonly unknown[], T>(send: (...args: Args) => Promise<T>) => async (...args: Args): Promise<T> => {
    if (!holds()) {
      throw new IsvcError('ISVC_KUBE_LEASE_LOST', 'a write is not sent, since another replica may lead by now', { hint: 'the process ends and starts as a candidate' });
    }
    return send(...args);
  };
  return {
    discover: (...args) => api.discover(...args),
    get: (...args) => api.get(...args),
    list: (...args) => api.list(...args),
    watch: (...args) => api.watch(...args),
    create: guarded((...args) => api.create(...args)),
    replace: guarded((...args) => api.replace(...args)),
    apply: guarded((...args) => api.apply(...args)),
    applyStatus: guarded((...args) => api.applyStatus(...args)),
    replaceStatus: guarded((...args) => api.replaceStatus(...args)),
    mergePatch: guarded((...args) => api.mergePatch(...args)),
    delete: guarded((...args) => api.delete(...args)),
    close: () => api.close(),
  };
}

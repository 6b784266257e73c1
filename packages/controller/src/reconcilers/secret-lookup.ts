import { messageOf, objectKey } from 'cdk8s-kserve/api';
import { secretFacts, type SecretFacts } from 'cdk8s-kserve/render';
import type { Clock } from '../engine/clock';
import { KubeApiError } from '../kube/kube-api-error';
import type { KubeApi } from '../kube/kube-api';

/** How long an answer may be reused: a burst of services with one account costs one read, a repaired secret is seen soon. */
const FRESH_MS = 10_000;

interface Known {
  readonly at: number;
  readonly facts: Promise<SecretFacts | undefined>;
}

/**
 * Reads the named secrets, one by one, and keeps their keys for a moment; values are dropped on arrival. Secrets are never
 * listed or watched, so that the controller can neither leak nor hold what it was not pointed at.
 */
export class SecretLookup {
  private readonly api: KubeApi;
  private readonly clock: Clock;
  private readonly known = new Map<string, Known>();

  constructor(api: KubeApi, clock: Clock) {
    this.api = api;
    this.clock = clock;
  }

  /** Undefined when there is no such secret. Throws `SecretForbidden` when we may not read it, and what the API throws otherwise. */
  async find(namespace: string, name: string): Promise<SecretFacts | undefined> {
    const key = objectKey({ namespace, name });
    const now = this.clock.now();
    const before = this.known.get(key);
    if (before && now - before.at < FRESH_MS) {
      return before.facts;
    }
    this.forgetStale(now);
    const facts = this.read(namespace, name);
    this.known.set(key, { at: now, facts });
    // A failure is not an answer: the next caller asks again.
    facts.catch(() => this.known.delete(key));
    return facts;
  }

  private async read(namespace: string, name: string): Promise<SecretFacts | undefined> {
    try {
      const secret = await this.api.get({ apiVersion: 'v1', kind: 'Secret', namespace, name });
      return secret && secretFacts(secret);
    } catch (error) {
      throw error instanceof KubeApiError && error.statusCode === 403 ? new SecretForbidden(namespace, name, error) : error;
    }
  }

  private forgetStale(now: number): void {
    for (const [key, { at }] of this.known) {
      if (now - at >= FRESH_MS) {
        this.known.delete(key);
      }
    }
  }
}

/** A service needs a secret that the controller may not read: guessing its keys would change a running pod. */
export class SecretForbidden extends Error {
  constructor(namespace: string, name: string, cause: unknown) {
    super(`the controller may not read secret "${name}" in namespace "${namespace}": ${messageOf(cause)}`, { cause });
    this.name = 'SecretForbidden';
  }
}

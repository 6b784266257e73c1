import type { Clock } from '../transport/clock';
import type { Authorizer } from '../transport/authorizer';
import type { IssuedKeys, KeySource } from './key-source';
import { signV4 } from './sign-v4';

/** Keys are renewed this long before they end. */
const EARLY_MS = 5 * 60_000;

/** Signs every request afresh; requests at the same time share one set of keys. */
export function awsAuthorizer(source: KeySource, region: string, clock: Clock): Authorizer {
  let current: Promise<IssuedKeys> | undefined;
  return {
    identity: source.identity,
    async authorize(request, signal) {
      const expires = current && (await current).expires;
      if (expires !== undefined && expires - EARLY_MS < clock.now()) current = undefined;
      current ??= source.issue(signal);
      try {
        return signV4(request, await current, { region, service: 's3', now: clock.now() });
      } catch (error) {
        current = undefined;
        throw error;
      }
    },
    renew() {
      current = undefined;
      return true;
    },
  };
}

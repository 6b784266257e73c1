import type { HttpRequest } from './http-client';

/** Puts on a request what a store wants to see: a signature, a token, a key. */
export interface Authorizer {
  authorize(request: HttpRequest, signal: AbortSignal): Promise<HttpRequest>;
  /** Forgets what it has kept. @returns whether another try may do better. */
  renew(): boolean;
  /** Who asks, for messages: a role, a key id, "anonymous". Never a secret. */
  readonly identity: string;
}

export const anonymous: Authorizer = { authorize: async (request) => request, renew: () => false, identity: 'anonymous' };

/** An authorizer of one fixed header. */
export function headerAuthorizer(headers: Readonly<Record<string, string>>, identity: string): Authorizer {
  return { authorize: async (request) => ({ ...request, headers: { ...request.headers, ...headers } }), renew: () => false, identity };
}

export interface Token {
  readonly value: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

/** Tokens are renewed this long before they end, so that none runs out between signing and arriving. */
const EARLY_MS = 60_000;

/** An authorizer of a bearer token that somebody hands out for a while. Requests at the same time share one token. */
export function tokenAuthorizer(issue: (signal: AbortSignal) => Promise<Token>, identity: string, now: () => number): Authorizer {
  let current: Promise<Token> | undefined;
  return {
    identity,
    async authorize(request, signal) {
      if (current && (await current).expires - EARLY_MS < now()) current = undefined;
      current ??= issue(signal);
      try {
        return { ...request, headers: { ...request.headers, authorization: `Bearer ${(await current).value}` } };
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

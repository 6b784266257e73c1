import { setMaxListeners } from 'node:events';
import { IsvcError } from 'cdk8s-kserve/api';
import { type FetchSettings, parseSettings } from './settings';
import { type Clock, systemClock } from './transport/clock';
import { HttpClient, type HttpClientOptions } from './transport/http-client';
import { proxyFinder } from './transport/proxy-finder';
import { Secrets } from './transport/secrets';
import { trustedCertificates } from './transport/trust';

export interface SourceContext {
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

export interface SessionOptions extends SourceContext {
  /** @default - the machine's */
  readonly clock?: Clock;
  /** One line each: what was ignored, what goes slowly. @default - nowhere */
  readonly warn?: (line: string) => void;
  /** Bytes as they come. @default - nobody is told */
  readonly onBytes?: (bytes: number) => void;
  /** Only whether there is access: a store need not list more than a page. @default false */
  readonly probe?: boolean;
  /**
   * Leaves out what a pod would be given by its node, role or namespace, which another machine has not, and is told
   * what that is; stores are then asked anonymously. @default - it is used
   */
  readonly onMachineIdentity?: (what: string) => void;
}

/** All that fetching one source needs besides its address. */
export interface FetchSession {
  readonly env: NodeJS.ProcessEnv;
  /** Fires for an abort from outside and at the deadline. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly settings: FetchSettings;
  readonly warn: (line: string) => void;
  readonly onBytes: (bytes: number) => void;
  readonly probe: boolean;
  /** What no message may hold. */
  readonly secrets: Secrets;
  readonly onMachineIdentity: ((what: string) => void) | undefined;
  /** A client that trusts the configured CA bundles, uses the configured proxies and ends with the session. */
  client(options?: Pick<HttpClientOptions, 'verify' | 'guarded'> & { readonly caBundle?: string | undefined }): HttpClient;
  close(): void;
}

/** @throws IsvcError ISVC_FETCH_CONFIG for settings that cannot be used. */
export function openSession(options: SessionOptions): FetchSession {
  const { env, clock = systemClock, warn = () => {}, onBytes = () => {}, probe = false, onMachineIdentity } = options;
  const settings = parseSettings(env);
  const secrets = new Secrets(env);
  const deadline = new AbortController();
  const timer = setTimeout(() => {
    deadline.abort(new IsvcError('ISVC_FETCH_DEADLINE', `not done after ${settings.deadlineMs / 1000} s`, { hint: 'raise ISVC_FETCH_DEADLINE_SECONDS, or look why the store is slow' }));
  }, Math.min(settings.deadlineMs, 2 ** 31 - 1));
  const signal = AbortSignal.any([options.signal, deadline.signal]);
  // Every request listens; there are as many as connections.
  setMaxListeners(0, signal);
  const clients: HttpClient[] = [];
  return {
    env,
    signal,
    clock,
    settings,
    secrets,
    warn: (line) => warn(secrets.cover(line)),
    onBytes,
    probe,
    onMachineIdentity,
    client({ verify = true, guarded = true, caBundle } = {}) {
      const ca = trustedCertificates(env, warn, caBundle);
      const { connections, connectMs, stallMs } = settings;
      // What hands out the credentials of this machine is never asked through somebody else.
      const proxy = guarded ? proxyFinder(env) : undefined;
      const client = new HttpClient({ connections, connectMs, stallMs, verify, guarded, onRequest: (request) => secrets.addRequest(request), ...(ca ? { ca } : {}), ...(proxy ? { proxy } : {}) });
      clients.push(client);
      return client;
    },
    close() {
      clearTimeout(timer);
      for (const client of clients) client.close();
    },
  };
}

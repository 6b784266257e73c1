import { IsvcError, messageOf, type KubeObject } from 'cdk8s-kserve/api';
import { pause, systemClock, type Clock } from '../engine/clock';
import { silentLog, type Log } from '../engine/log';
import { isConflict, KubeApiError } from '../kube/kube-api-error';
import type { KubeApi } from '../kube/kube-api';
import { leaseOf, microTime, specOf, type LeaseSpec, type LeaseTarget } from './lease';

export interface ElectLeaderOptions extends LeaseTarget {
  readonly api: KubeApi;
  /** Unique to this process. */
  readonly identity: string;
  /** A lease that its holder did not renew for this long is free. @default 15000 */
  readonly durationMs?: number;
  /** A holder that could not renew for this long stops leading; shorter than the duration, so that two never lead. @default 10000 */
  readonly renewDeadlineMs?: number;
  /** Time between two tries, of holders and of candidates. @default 2000 */
  readonly retryMs?: number;
  readonly clock?: Clock;
  readonly log?: Log;
  /**
   * Aborted when leadership must end; the returned promise holds back the release of the lease until work has ended. `holds`
   * tells at any moment, without waiting for a timer, whether the lease is certain to be ours.
   */
  readonly lead: (signal: AbortSignal, holds: () => boolean) => Promise<void>;
  /** Ends the candidacy, and with it the leadership. */
  readonly signal: AbortSignal;
}

/**
 * Takes part in the election until the signal aborts; leads while it holds the lease, and gives the lease back at the end so
 * that another replica leads at once.
 *
 * Whether a holder is alive is judged by how long *we* have seen no change of its lease, never by comparing clocks of two
 * machines.
 *
 * @throws IsvcError ISVC_KUBE_LEASE_LOST when the lease could not be renewed in time: the process should end, and start as a candidate.
 */
export async function electLeader(options: ElectLeaderOptions): Promise<void> {
  const { clock = systemClock, log = silentLog, retryMs = 2_000, renewDeadlineMs = 10_000, signal, identity } = options;
  const claim = new LeaseClaim(options, clock);
  // Measured from before the request: the server counts from when it wrote, which is later.
  let renewedAt = clock.now();
  while (!signal.aborted && !(await claim.tryHold(log))) {
    await pause(clock, retryMs, signal);
    renewedAt = clock.now();
  }
  if (signal.aborted) {
    return claim.release(log);
  }
  log.info('leading', { identity, lease: options.name });
  const leading = new AbortController();
  let lost = false;
  const work = options.lead(leading.signal, () => !leading.signal.aborted && clock.now() - renewedAt < renewDeadlineMs);
  while (!signal.aborted && !lost) {
    await pause(clock, retryMs, signal);
    if (signal.aborted) {
      break;
    }
    const asked = clock.now();
    const deadline = clock.after(Math.max(0, renewedAt + renewDeadlineMs - asked), () => leading.abort());
    const held = await claim.tryHold(log);
    deadline();
    if (held) {
      renewedAt = asked;
    }
    lost = leading.signal.aborted || claim.heldByAnother || clock.now() - renewedAt >= renewDeadlineMs;
  }
  leading.abort();
  await work;
  await claim.release(log);
  if (lost) {
    throw new IsvcError('ISVC_KUBE_LEASE_LOST', `lease ${options.name} was not renewed within ${renewDeadlineMs} ms`, { hint: 'the process ends and starts as a candidate' });
  }
}

class LeaseClaim {
  private readonly options: ElectLeaderOptions;
  private readonly clock: Clock;
  private lease: KubeObject | undefined;
  /** The version seen last, and when it was new to us. */
  private seen = { version: '', at: 0 };

  constructor(options: ElectLeaderOptions, clock: Clock) {
    this.options = options;
    this.clock = clock;
  }

  get heldByAnother(): boolean {
    const holder = this.lease && specOf(this.lease).holderIdentity;
    return holder !== undefined && holder !== '' && holder !== this.options.identity;
  }

  /** Takes or renews the lease. False when another holds it or the server does not answer. */
  async tryHold(log: Log): Promise<boolean> {
    const { api, identity, namespace, name, durationMs = 15_000 } = this.options;
    try {
      const lease = await api.get({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace, name });
      const now = this.clock.now();
      const version = lease?.metadata.resourceVersion ?? '';
      if (version !== this.seen.version) {
        this.seen = { version, at: now };
      }
      this.lease = lease;
      const before: LeaseSpec = lease ? specOf(lease) : {};
      const mine = before.holderIdentity === identity;
      const expired = now - this.seen.at >= (before.leaseDurationSeconds ?? durationMs / 1000) * 1000;
      if (this.heldByAnother && !expired) {
        return false;
      }
      const spec: LeaseSpec = {
        holderIdentity: identity,
        leaseDurationSeconds: Math.ceil(durationMs / 1000),
        acquireTime: mine && before.acquireTime ? before.acquireTime : microTime(now),
        renewTime: microTime(now),
        leaseTransitions: (before.leaseTransitions ?? 0) + (lease && !mine ? 1 : 0),
      };
      // With the version that was read: of two candidates that both see a free lease the server lets one through.
      const wanted = leaseOf(this.options, spec, lease);
      this.lease = lease ? await api.replace(wanted) : await api.create(wanted);
      this.seen = { version: this.lease.metadata.resourceVersion ?? '', at: now };
      return true;
    } catch (error) {
      if (!isConflict(error)) {
        log.warn('cannot take or renew the lease', { lease: name, error: error instanceof IsvcError ? error.toLine() : messageOf(error) });
      }
      return false;
    }
  }

  /** Hands the lease to whoever asks next. */
  async release(log: Log): Promise<void> {
    const { api, identity } = this.options;
    if (!this.lease || specOf(this.lease).holderIdentity !== identity) {
      return;
    }
    try {
      const spec: LeaseSpec = { ...specOf(this.lease), holderIdentity: '', leaseDurationSeconds: 1, renewTime: microTime(this.clock.now()) };
      await api.replace(leaseOf(this.options, spec, this.lease));
      log.info('released the lease', { lease: this.options.name });
    } catch (error) {
      // It runs out by itself; a 409 says that another has it already.
      log.debug('the lease could not be released', { error: messageOf(error), conflict: error instanceof KubeApiError && error.statusCode === 409 });
    }
  }
}

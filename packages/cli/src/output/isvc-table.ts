import type { InferenceService } from 'cdk8s-kserve/api';

const HEADER = ['NAMESPACE', 'NAME', 'URL', 'READY', 'LATESTREADYREVISION', 'AGE'] as const;

/** Services as `kubectl get isvc -A` shows them, one line each, sorted by namespace and name. */
export function isvcTable(services: readonly InferenceService[], now: Date): readonly string[] {
  const rows = [...services]
    .sort((a, b) => (key(a) < key(b) ? -1 : 1))
    .map((s) => [s.metadata.namespace ?? '', s.metadata.name, s.status?.url ?? '', readyOf(s)?.status ?? 'Unknown', s.status?.components?.['predictor']?.latestReadyRevision ?? '', age(s, now)]);
  const table = [[...HEADER], ...rows];
  const widths = HEADER.map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  return table.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('   ').trimEnd());
}

/** Why each service that is not ready is not, one line each. */
export function waitingLines(services: readonly InferenceService[]): readonly string[] {
  return services.flatMap((service) => {
    const ready = readyOf(service);
    if (!ready || ready.status === 'True') return [];
    return [`${key(service)}: ${ready.reason ?? 'waiting'}${ready.message ? `: ${ready.message}` : ''}`];
  });
}

export function readyOf(service: InferenceService): { readonly status: string; readonly reason?: string; readonly message?: string } | undefined {
  return service.status?.conditions?.find((c) => c.type === 'Ready');
}

/** `kubectl`'s short age: 5s, 3m, 2h, 4d. */
export function age(service: InferenceService, now: Date): string {
  const created = Date.parse(service.metadata.creationTimestamp ?? '');
  if (Number.isNaN(created)) return '';
  const seconds = Math.max(0, Math.floor((now.getTime() - created) / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)}m`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
}

function key(service: InferenceService): string {
  return `${service.metadata.namespace ?? 'default'}/${service.metadata.name}`;
}

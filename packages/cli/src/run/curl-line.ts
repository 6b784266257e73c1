import type { InferenceService } from 'cdk8s-kserve/api';

/** A command that a user can paste: one V1 request through the local gateway. */
export function curlLine(service: InferenceService, gateway: string, features: number | undefined): string {
  const host = new URL(service.status?.url ?? gateway).host;
  const row = features === undefined ? '[...]' : `[${Array.from({ length: features }, () => '0').join(', ')}]`;
  return `curl -s -H 'Host: ${host}' -d '{"instances": [${row}]}' ${gateway}/v1/models/${service.metadata.name}:predict`;
}

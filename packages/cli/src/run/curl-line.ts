import { get } from 'node:http';
import { objectKey, type InferenceService } from 'cdk8s-kserve/api';

/** A command that a user can paste: one V1 request through the local gateway. */
export function curlLine(service: InferenceService, gateway: string, features: number | undefined): string {
  const row = features === undefined ? '[...]' : `[${Array.from({ length: features }, () => '0').join(', ')}]`;
  return `curl -s -H 'Host: ${hostOf(service, gateway)}' -d '{"instances": [${row}]}' ${gateway}/v1/models/${service.metadata.name}:predict`;
}

/** The service that examples are about: the first by namespace and name. */
export function firstService(services: readonly InferenceService[]): InferenceService | undefined {
  return [...services].sort((a, b) => (objectKey(a.metadata) < objectKey(b.metadata) ? -1 : 1))[0];
}

/** How many columns a service's model takes, by its V2 metadata; undefined when it does not say. Never rejects. */
export function modelFeatures(service: InferenceService | undefined, gateway: string): Promise<number | undefined> {
  if (!service) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const url = new URL(`/v2/models/${service.metadata.name}`, gateway);
    const call = get(url, { headers: { host: hostOf(service, gateway), connection: 'close' }, timeout: 1000 }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk)).on('end', () => resolve(columnsOf(text))).on('error', () => resolve(undefined));
    });
    // Ending the call is an error of it, which resolves.
    call.on('error', () => resolve(undefined)).on('timeout', () => call.destroy());
  });
}

function columnsOf(metadata: string): number | undefined {
  try {
    const { inputs } = JSON.parse(metadata) as { readonly inputs?: readonly { readonly shape?: readonly number[] }[] };
    const columns = inputs?.length === 1 ? inputs[0]?.shape?.[1] : undefined;
    return columns !== undefined && columns > 0 && columns <= 20 ? columns : undefined;
  } catch {
    return undefined;
  }
}

function hostOf(service: InferenceService, gateway: string): string {
  return new URL(service.status?.url ?? gateway).host;
}

import type { InferenceService, ProtocolVersion, ServingRuntime } from '../api';
import { lowestProtocol } from './select-runtime';

/**
 * The protocol of what answers for a service: the transformer's where there is one.
 *
 * @param service with defaults filled in.
 * @param runtime that its model has, if any.
 */
export function spokenProtocol({ spec: { transformer, predictor } }: InferenceService, runtime: ServingRuntime | undefined): ProtocolVersion {
  const server = transformer?.containers?.[0] ?? (predictor.model ? undefined : predictor.containers?.[0]);
  if (server) return (server.env?.find((e) => e.name === 'PROTOCOL')?.value as ProtocolVersion | undefined) ?? 'v1';
  return predictor.model?.protocolVersion ?? (runtime && lowestProtocol(runtime)) ?? 'v1';
}

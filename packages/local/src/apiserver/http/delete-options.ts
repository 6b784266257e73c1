import { isJsonObject } from 'cdk8s-kserve/api';
import { numberAt, stringAt } from '../json';
import { badRequest } from '../status-error';
import type { DeleteRequest } from '../write/object-deleter';
import { parseBody } from './body';
import type { ObjectRequest } from './object-request';
import { count, dryRunOf } from './query';

/** Reads DeleteOptions from the body and, as older clients do it, from the query. @throws StatusError 400 */
export function parseDeleteRequest(request: ObjectRequest): DeleteRequest {
  const { query } = request;
  const body = request.body.length === 0 ? {} : parseBody(request.body, request.mediaType);
  if (!isJsonObject(body)) throw badRequest('DeleteOptions must be a mapping');
  const bodyDryRun = Array.isArray(body['dryRun']) ? new URLSearchParams(body['dryRun'].map((value): [string, string] => ['dryRun', String(value)])) : query;
  return {
    propagationPolicy: policyOf(stringAt(body, 'propagationPolicy') ?? query.get('propagationPolicy') ?? undefined, body['orphanDependents'] ?? query.get('orphanDependents')),
    gracePeriodSeconds: numberAt(body, 'gracePeriodSeconds') ?? count(query, 'gracePeriodSeconds'),
    uid: stringAt(body, 'preconditions', 'uid'),
    resourceVersion: stringAt(body, 'preconditions', 'resourceVersion'),
    dryRun: dryRunOf(bodyDryRun) || dryRunOf(query),
  };
}

function policyOf(policy: string | undefined, orphanDependents: unknown): DeleteRequest['propagationPolicy'] {
  if (policy === undefined) {
    if (orphanDependents === null || orphanDependents === undefined) return undefined;
    return String(orphanDependents) === 'true' ? 'Orphan' : 'Background';
  }
  if (policy === 'Background' || policy === 'Foreground' || policy === 'Orphan') return policy;
  throw badRequest(`invalid propagationPolicy ${JSON.stringify(policy)}: supported values: "Background", "Foreground", "Orphan"`);
}

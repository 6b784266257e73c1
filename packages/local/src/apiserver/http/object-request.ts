import type { KubeObject } from 'cdk8s-kserve/api';
import { apiVersionOf, type ServedResource } from '../resources/served-resource';
import { badRequest } from '../status-error';
import { unknownFieldMessages } from '../write/normalize';
import type { WriteOptions, WriteSubresource, Written } from '../write/write-options';
import { dryRunOf, fieldValidationOf } from './query';
import type { Answer } from './respond';
import { toScale } from './scale';

/** A request to the resource API, taken apart. */
export interface ObjectRequest {
  readonly method: string;
  readonly resource: ServedResource;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
  readonly query: URLSearchParams;
  readonly body: Buffer;
  readonly mediaType: string;
  readonly userAgent: string;
}

const MAX_MANAGER_LENGTH = 128;

export function writeOptionsOf(request: ObjectRequest, operation: 'Apply' | 'Update'): WriteOptions {
  const { query, resource } = request;
  // A client that names no manager is known by its program, as in `kubectl/v1.32`.
  const manager = query.get('fieldManager') || request.userAgent.split('/')[0] || 'unknown';
  if (manager.length > MAX_MANAGER_LENGTH) throw badRequest(`fieldManager is too long: may not be more than ${MAX_MANAGER_LENGTH} bytes`);
  const subresource = (request.subresource ?? '') as WriteSubresource;
  return {
    dryRun: dryRunOf(query),
    fieldValidation: fieldValidationOf(query),
    subresource,
    writer: { manager, operation, apiVersion: apiVersionOf(resource), subresource },
  };
}

export function answerWrite(written: Written, request: ObjectRequest): Answer {
  const object: KubeObject = written.object;
  const warnings = fieldValidationOf(request.query) === 'Warn' ? unknownFieldMessages(written.unknownFields) : [];
  return { code: written.created ? 201 : 200, body: request.subresource === 'scale' ? toScale(request.resource, object) : object, warnings };
}

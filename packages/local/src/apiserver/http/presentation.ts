import { isJsonObject, type JsonObject, type KubeObject } from 'cdk8s-kserve/api';
import type { ServedResource } from '../resources/served-resource';
import { StatusError } from '../status-error';
import { type IncludeObject, toPartialMetadata, toPartialMetadataList, toTable } from '../table/to-table';

/** How a client wants objects: as themselves, as rows of a table, or their metadata alone. */
export type View = 'object' | 'table' | 'metadata';

const OFFERED = ['application/json', 'application/yaml'];

/** The first view in an Accept header that this server can give. @throws StatusError 406 */
export function negotiateView(accept: string): View {
  const ranges = accept.split(',').map((range) => range.trim()).filter((range) => range !== '');
  for (const range of ranges.length === 0 ? ['*/*'] : ranges) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    if (![...OFFERED, '*/*', 'application/*'].includes(type)) continue;
    const as = parameters.find((parameter) => parameter.startsWith('as='))?.slice(3);
    if (as === undefined) return 'object';
    if (parameters.some((parameter) => parameter.startsWith('g=') && parameter !== 'g=meta.k8s.io')) continue;
    if (as === 'Table') return 'table';
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return 'metadata';
  }
  throw new StatusError(406, 'NotAcceptable', `only the following media types are accepted: ${OFFERED.join(', ')}`);
}

/** The answer to a read in the view asked for; Status objects stay what they are. */
export function presentBody(resource: ServedResource, body: JsonObject, view: View, include: IncludeObject, now: Date): JsonObject {
  if (view === 'object' || body['kind'] === 'Status' || body['kind'] === 'Scale') return body;
  const isList = body['kind'] === resource.listKind && Array.isArray(body['items']);
  if (view === 'metadata') return isList ? toPartialMetadataList(body) : toPartialMetadata(body as KubeObject);
  const objects = isList ? (body['items'] as KubeObject[]).filter(isJsonObject) : [body as KubeObject];
  const metadata = isList ? body['metadata'] : { resourceVersion: (body as KubeObject).metadata.resourceVersion };
  return toTable(resource, objects as KubeObject[], { include, now, metadata });
}

/** One object of a watch in the view asked for; only the first table names the columns. */
export function presentEvent(resource: ServedResource, object: KubeObject, view: View, include: IncludeObject, now: Date, isFirst: boolean): JsonObject {
  if (view === 'object') return object;
  if (view === 'metadata') return toPartialMetadata(object);
  return toTable(resource, [object], { include, now, metadata: { resourceVersion: object.metadata.resourceVersion }, withColumns: isFirst });
}

export function includeObjectOf(query: URLSearchParams): IncludeObject {
  const value = query.get('includeObject');
  return value === 'None' || value === 'Object' ? value : 'Metadata';
}

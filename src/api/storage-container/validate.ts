import { checkMetadata } from '../check-metadata';
import { reporter } from '../inference-service/rules/report';
import { CLUSTER_STORAGE_CONTAINER_KIND, manifestSchema } from '../kinds';
import type { Problem } from '../problem';
import { checkSchema } from '../schema/check-schema';
import type { ClusterStorageContainer } from './types';

const SCHEMA = manifestSchema(CLUSTER_STORAGE_CONTAINER_KIND);

/** Everything that is wrong with a ClusterStorageContainer looked at alone; KServe checks nothing of it. */
export function validateClusterStorageContainer(container: ClusterStorageContainer): readonly Problem[] {
  const shape = [...checkMetadata(container.metadata), ...checkSchema(SCHEMA, container, '')];
  if (shape.some((p) => p.severity === 'error' && p.code !== 'ISVC_API_UNKNOWN_FIELD')) return shape;
  const problems = [...shape];
  const report = reporter(problems);
  const { supportedUriFormats, container: fetcher } = container.spec;
  if (supportedUriFormats.length === 0) report('spec.supportedUriFormats', 'is empty: the container fetches nothing', 'add e.g. {prefix: "s3://"}');
  supportedUriFormats.forEach(({ prefix, regex }, index) => {
    const path = `spec.supportedUriFormats[${index}]`;
    if (!prefix && !regex) report(path, 'has neither prefix nor regex', 'add one of them', 'ISVC_API_EXACTLY_ONE');
    if (!prefix && regex && !isRegex(regex)) report(`${path}.regex`, `is no regular expression: "${regex}"`);
  });
  if (!fetcher.image) report('spec.container.image', 'is missing: nothing would be run in place of the platform\'s fetcher', undefined, 'ISVC_API_REQUIRED');
  return problems;
}

function isRegex(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

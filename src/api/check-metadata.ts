import type { Problem } from './problem';
import { checkSchema } from './schema/check-schema';
import { anyObj, str, stringMap } from './schema/build';

const METADATA = anyObj({ properties: { name: str(), namespace: str(), labels: stringMap(), annotations: stringMap() } });

/**
 * Labels and annotations that are no text. YAML makes `stop: true` a boolean, which the API server refuses; whoever reads
 * a manifest before it gets there must not trip over it.
 */
export function checkMetadata(metadata: unknown): readonly Problem[] {
  return checkSchema(METADATA, metadata ?? {}, 'metadata');
}

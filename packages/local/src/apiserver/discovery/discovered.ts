import type { JsonObject } from 'cdk8s-kserve/api';

/** One answer of discovery. */
export interface Discovered {
  readonly body: JsonObject;
  /** Where the client asked for a form with a name of its own. */
  readonly contentType?: string;
}

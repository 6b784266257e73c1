import type { JsonObject } from 'cdk8s-kserve/api';

/** One answer of discovery. */
export interface Discovered {
  /** Bytes where the client asked for another form than JSON. */
  readonly body: JsonObject | Buffer;
  /** Where the client asked for a form with a name of its own. */
  readonly contentType?: string;
}

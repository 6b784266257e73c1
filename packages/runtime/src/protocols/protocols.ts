import type { Call, Protocol } from './protocol';
import { docsProtocol } from './docs/docs-protocol';
import { systemProtocol } from './system/system-protocol';
import { v1Protocol } from './v1/v1-protocol';
import { v2Protocol } from './v2/v2-protocol';

/** Every protocol of the HTTP port; the first that knows a path answers. The hottest stands first. */
const PROTOCOLS: readonly Protocol[] = [v1Protocol, v2Protocol, systemProtocol, docsProtocol];

/** @returns `undefined` for a path that no protocol knows. */
export function matchCall(method: string, path: string): Call | undefined {
  for (const protocol of PROTOCOLS) {
    const call = protocol.match(method, path);
    if (call) return call;
  }
  return undefined;
}

import type { Discovered } from './discovered';

/** Asked for under a name that no media type may have, and answered under one that it may. */
const ASKED = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
const PROTOBUF = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
const INFO = { title: 'Kubernetes', version: 'v1.36.0' };

/**
 * The document of OpenAPI v2, which describes nothing: v3 is what clients read. kubectl asks for it about a kind that v3
 * does not have, and without one it would blame the server instead of saying that the kind is not there.
 */
export function openApiV2(accept: string): Discovered {
  if (!accept.includes(ASKED) && !accept.includes(PROTOBUF)) return { body: { swagger: '2.0', info: INFO, paths: {}, definitions: {} } };
  const info = Buffer.concat([textField(1, INFO.title), textField(2, INFO.version)]);
  return { body: Buffer.concat([textField(1, '2.0'), textField(2, info)]), contentType: PROTOBUF };
}

/** A protobuf field of fewer than 128 bytes. */
function textField(number: number, value: string | Buffer): Buffer {
  const bytes = Buffer.from(value as string);
  return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
}
